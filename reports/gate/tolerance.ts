import type { GateVocabulary } from './gateMetrics.ts';
import type { Shift } from './hodgesLehmann.ts';

type Directed = Pick<GateVocabulary, 'scale' | 'better'>;

/** 1 where more is worse, -1 where less is. */
function worseTurn({ better }: Directed): 1 | -1 {
  return better === 'lower' ? 1 : -1;
}

/** The change for the worse that is accepted, on the scale that shifts are taken on; of 100 % less, any. */
function boundOf(tolerance: number, metric: Directed): number {
  if (metric.scale === 'count') return tolerance;
  const turn = worseTurn(metric);
  const left = 1 + turn * tolerance;
  return left <= 0 ? Number.POSITIVE_INFINITY : turn * Math.log(left);
}

/** A shift turned so that more is worse, beside what is accepted of it. */
export interface Held {
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly bound: number;
}

export function heldAgainst(shift: Shift, tolerance: number, metric: Directed): Held {
  const bound = boundOf(tolerance, metric);
  const { at, low, high } = shift;
  return worseTurn(metric) === 1 ? { at, low, high, bound } : { at: -at, low: -high, high: -low, bound };
}

/** For logarithms of what was equal, and differences of what was rounded. */
const SLACK = 1e-12;

/** The rule: the whole interval is worse than the tolerance, or inside it, or neither. */
export function verdictOn({ low, high, bound }: Held): 'FAIL' | 'PASS' | 'INCONCLUSIVE' {
  if (low > bound + SLACK) return 'FAIL';
  return high <= bound + SLACK ? 'PASS' : 'INCONCLUSIVE';
}

/** The smallest change for the worse of which the whole interval would lie beyond the tolerance: that and half its width. */
export function smallestVisible(held: Held, metric: Directed): number {
  const beyond = held.bound + (held.high - held.low) / 2;
  if (metric.scale === 'count') return beyond;
  const turn = worseTurn(metric);
  return turn * Math.expm1(turn * beyond);
}
