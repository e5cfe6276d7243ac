import type { Scenario } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { DEFAULT_SCENARIO, findScenario, SCENARIOS } from '../scenarios/registry.ts';
import type { Given } from './given.ts';
import { nearest } from './nearest.ts';
import type { CheckedConfig } from './readConfig.ts';

/** The scenario of a name, built in or the user's own, with the config file's numbers but without flags and environment. */
export function chooseScenario(name: Given, config: CheckedConfig, faults: Fault[]): Scenario {
  const wanted = String(name.value);
  const own = config.scenarios.get(wanted);
  const base = findScenario(own?.extends ?? wanted);
  if (base === undefined && own === undefined) {
    const names = [...SCENARIOS.map((scenario) => scenario.name), ...config.scenarios.keys()];
    faults.push({ ...name, expected: `a scenario: ${names.join(', ')}${nearest(wanted, names)}` });
  }
  return {
    ...(base ?? DEFAULT_SCENARIO),
    ...config.workload,
    ...own?.workload,
    name: wanted,
    summary: own?.summary ?? (base ?? DEFAULT_SCENARIO).summary,
  };
}
