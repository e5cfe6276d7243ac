import { serverConformance } from './serverConformance.ts';
import { shortPollLimitTests } from './serverConformancePollLimits.ts';
import { longPollTests } from './serverConformancePollLong.ts';
import { conditionalTests, stateTests } from './serverConformancePollState.ts';
import { LONG_POLL_FIXTURE, POLL_STATE_FIXTURE } from './serverFixturePoll.ts';

/** A state stands for every message before it: what each message must do does not hold there. */
const OF_STATES = { delivery: stateTests, resume: () => {} };

serverConformance({
  stage: 'poll',
  fixture: POLL_STATE_FIXTURE,
  variants: ({ name }) => name === 'short',
  more: { ...OF_STATES, limits: shortPollLimitTests },
});

serverConformance({
  stage: 'poll',
  fixture: POLL_STATE_FIXTURE,
  variants: ({ name }) => name === 'keepalive',
  more: OF_STATES,
});

serverConformance({
  stage: 'poll',
  fixture: POLL_STATE_FIXTURE,
  variants: ({ name }) => name === 'conditional',
  more: { ...OF_STATES, conditions: conditionalTests },
});

serverConformance({
  stage: 'poll',
  fixture: LONG_POLL_FIXTURE,
  variants: ({ capabilities }) => capabilities.shows === 'message',
  more: { 'held requests': longPollTests },
});
