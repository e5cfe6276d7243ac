import type { Scenario } from '../contract/config.ts';
import { articlePoll } from './articlePoll.ts';
import { articleSse } from './articleSse.ts';
import { articleWs } from './articleWs.ts';
import { broadcast } from './broadcast.ts';
import { c100k } from './c100k.ts';
import { ceiling } from './ceiling.ts';
import { chat } from './chat.ts';
import { compare } from './compare.ts';
import { gate } from './gate.ts';
import { idle } from './idle.ts';
import { nodeFailure } from './nodeFailure.ts';
import { reconnectStorm } from './reconnectStorm.ts';
import { rollingRestart } from './rollingRestart.ts';
import { securityCost } from './securityCost.ts';
import { slowConsumer } from './slowConsumer.ts';
import { smoke } from './smoke.ts';
import { soak } from './soak.ts';
import { spike } from './spike.ts';
import { steady } from './steady.ts';
import { unicast } from './unicast.ts';

/** The scenarios that come with pushbench, in the order in which they are listed. */
export const SCENARIOS: readonly Scenario[] = [
  steady,
  smoke,
  gate,
  compare,
  broadcast,
  unicast,
  c100k,
  idle,
  ceiling,
  spike,
  soak,
  reconnectStorm,
  nodeFailure,
  rollingRestart,
  chat,
  slowConsumer,
  securityCost,
  articleSse,
  articlePoll,
  articleWs,
];

/** Where none is named, and one stage is run. */
export const DEFAULT_SCENARIO = steady;

/** Where none is named, and several stages are run. */
export const COMPARING_SCENARIO = compare;

/** Where none is named, and connections are protected in more than one way. */
export const PROTECTING_SCENARIO = securityCost;

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
