import { DRIVERS } from '../runners/drivers/registry.ts';
import { h2DriverConformance } from './driverConformanceH2.ts';
import { sseH2Fixture } from './driverFixtureSseH2.ts';

for (const info of DRIVERS.filter(({ protocol }) => protocol === 'sse-h2')) {
  h2DriverConformance(info, sseH2Fixture);
}
