import { DRIVERS } from '../runners/drivers/registry.ts';
import { driverConformance } from './driverConformance.ts';
import { driverStop } from './driverConformanceStop.ts';
import type { DriverFixture } from './driverFixture.ts';
import { heldPollFixture, statePollFixture } from './driverFixturePoll.ts';
import { sseFixture } from './driverFixtureSse.ts';
import { wsFixture } from './driverFixtureWs.ts';
import { testSecurity } from './testSecurity.ts';

const security = await testSecurity();
const FIXTURES = [sseFixture, wsFixture, statePollFixture, heldPollFixture];

/** Once more under TLS: the bytes are the same, so how reads split them has been seen before. */
function overTls(fixture: DriverFixture): DriverFixture {
  const readings = fixture.readings.map((reading) => ({ ...reading, split: false }));
  return { ...fixture, name: `${fixture.name} over TLS`, security, readings };
}

for (const info of DRIVERS) {
  for (const fixture of FIXTURES) {
    if (fixture.protocol !== info.protocol) continue;
    driverConformance(info, overTls(fixture));
    driverStop(info, overTls(fixture));
  }
}
