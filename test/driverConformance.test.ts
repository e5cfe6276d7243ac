import { DRIVERS } from '../runners/drivers/registry.ts';
import { driverConformance } from './driverConformance.ts';
import { driverStop } from './driverConformanceStop.ts';
import { DRIVER_FIXTURES } from './driverFixtures.ts';

for (const info of DRIVERS) {
  for (const fixture of DRIVER_FIXTURES) {
    if (fixture.protocol !== info.protocol) continue;
    driverConformance(info, fixture);
    driverStop(info, fixture);
  }
}
