import type { Scenario } from '../contract/config.ts';
import { articleSse } from './articleSse.ts';
import { broadcast } from './broadcast.ts';
import { c100k } from './c100k.ts';
import { ceiling } from './ceiling.ts';
import { idle } from './idle.ts';
import { steady } from './steady.ts';
import { unicast } from './unicast.ts';

/** The scenarios that come with pushbench, in the order in which they are listed. */
export const SCENARIOS: readonly Scenario[] = [steady, broadcast, unicast, c100k, idle, ceiling, articleSse];

export const DEFAULT_SCENARIO = steady;

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
