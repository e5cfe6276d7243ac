import type { DriverFixture } from './driverFixture.ts';
import { heldPollFixture, statePollFixture } from './driverFixturePoll.ts';
import { sseFixture } from './driverFixtureSse.ts';
import { wsFixture } from './driverFixtureWs.ts';

/** Every protocol, some in several ways; each driver is tested with those of its protocol. */
export const DRIVER_FIXTURES: readonly DriverFixture[] = [
  sseFixture,
  wsFixture,
  statePollFixture,
  heldPollFixture,
];
