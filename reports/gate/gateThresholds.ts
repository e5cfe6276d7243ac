import type { GateThreshold } from '../../contract/gate.ts';
import type { Run } from '../../contract/result.ts';
import type { Threshold } from '../../contract/threshold.ts';
import { judgeThresholds } from '../thresholds/judgeThresholds.ts';
import { gateFamily } from './gateMetrics.ts';
import { isUsable } from './usableRuns.ts';

/** Thresholds as a gate holds them. */
export interface HeldThresholds {
  readonly held: readonly GateThreshold[];
  /** In words, those that no run of head could be held against. */
  readonly unheld: readonly string[];
}

/** Every run of head has to keep a threshold, but for those that say nothing of the server: the generator or the host was their limit. */
export function gateThresholds(thresholds: readonly Threshold[], head: readonly Run[]): HeldThresholds {
  const runsOf = ({ path }: Threshold) => head.filter((run) => isUsable(run, gateFamily(path)));
  return {
    held: thresholds.flatMap((one) => (runsOf(one).length === 0 ? [] : judgeThresholds([one], runsOf(one)))),
    unheld: thresholds.filter((one) => runsOf(one).length === 0).map(({ text }) => text),
  };
}
