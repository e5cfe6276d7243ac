import type { Run } from '../contract/result.ts';
import { significant } from './numbers.ts';
import type { Backing } from './percentiles.ts';

type Step = NonNullable<Run['ceiling']>['steps'][number];

/** What stands behind the latency of one step of a search: the messages that were due in it. */
export function stepBacking(
  { ceiling, workload }: Pick<Run, 'ceiling' | 'workload'>,
  step: Step,
): Backing | null {
  const { durationMs } = workload;
  if (ceiling === null || typeof durationMs !== 'number') return null;
  return {
    label: `p${significant(ceiling.sloQuantile * 100)}`,
    quantile: ceiling.sloQuantile,
    messages: Math.round((step.ratePerSecond * durationMs) / 1_000),
  };
}
