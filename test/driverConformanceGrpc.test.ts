import { DRIVERS } from '../runners/drivers/registry.ts';
import { h2DriverConformance } from './driverConformanceH2.ts';
import { chatFixture, grpcFixture } from './driverFixtureGrpc.ts';

for (const info of DRIVERS.filter(({ protocol }) => protocol === 'grpc')) {
  for (const fixture of [grpcFixture, chatFixture]) h2DriverConformance(info, fixture);
}
