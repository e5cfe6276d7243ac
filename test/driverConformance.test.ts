import { DRIVERS } from '../runners/drivers/registry.ts';
import { driverConformance } from './driverConformance.ts';

for (const info of DRIVERS) driverConformance(info);
