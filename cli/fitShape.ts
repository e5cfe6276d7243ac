import type { Scenario, Sweep } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { WorkloadDraft } from './overrides.ts';
import { lengthOf } from './parse/loadStages.ts';

/** Where the numbers of a run were given: for all scenarios, for the own one, for this run. */
export interface Layers {
  readonly own: WorkloadDraft;
  readonly overrides: WorkloadDraft;
}

/**
 * Makes rate and window those of the load shape: the window is as long as its stages together, the rate is their mean.
 * A rate or a window given beside it says something else, and is a fault.
 */
export function fitShape(scenario: Scenario, { own, overrides }: Layers, faults: Fault[]): Scenario {
  const { stages } = scenario;
  if (stages.length === 0) return scenario;
  const durationMs = lengthOf(stages);
  const messages = stages.reduce((sum, stage) => sum + (stage.ratePerSecond * stage.durationMs) / 1_000, 0);
  const fitted = { ...scenario, durationMs, ratePerSecond: (messages * 1_000) / durationMs };
  // A shape given for this run replaces what the own scenario says.
  const beside = overrides.stages === undefined ? { ...own, ...overrides } : overrides;
  for (const key of ['durationMs', 'ratePerSecond'] as const) {
    const value = beside[key];
    if (value === undefined || value === fitted[key]) continue;
    const expected = `${fitted[key]}, as the load stages say, or nothing; --load-stages '' takes them away`;
    faults.push({ key, value, expected });
  }
  return fitted;
}

/** A sweep sets a number itself, so nothing else may. */
export function checkSweep(
  sweep: Sweep | null,
  scenario: Scenario,
  overrides: WorkloadDraft,
  faults: Fault[],
): void {
  if (sweep === null) return;
  const { key } = sweep;
  if (overrides[key] !== undefined) {
    faults.push({
      key,
      value: overrides[key],
      expected: 'not together with --sweep, which gives its values',
    });
  }
  if (key === 'ratePerSecond' && scenario.stages.length > 0) {
    const expected = `connections=…, or another scenario: the rate of ${scenario.name} is that of its load stages`;
    faults.push({ key: '--sweep', value: 'rate', expected });
  }
  if (scenario.procedure !== 'load' && scenario.procedure !== 'compare') {
    const isFit = scenario.procedure === 'ceiling' || scenario.procedure === 'idle';
    if (isFit && (key === 'connections' || key === 'streamsPerConnection')) return;
    const expected = `another scenario: ${scenario.name} has no ${key} that could be swept`;
    faults.push({ key: '--sweep', value: key, expected });
  }
}
