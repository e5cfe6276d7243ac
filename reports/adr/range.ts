import type { Verdict } from '../../contract/result.ts';
import type { Figure } from '../compare/figures.ts';

/** A figure with the ends between which it lies, `low <= value <= high`. */
export interface Range {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  /** False where nothing is known about how far it varies: then both ends are the value, and nothing may be claimed on it. */
  readonly hasInterval: boolean;
}

/** Which end of every figure a calculation is made with. */
export type End = 'low' | 'value' | 'high';

/** A number that does not vary here: an assumption, a price. */
export function exactly(value: number): Range {
  return { low: value, value, high: value, hasInterval: true };
}

/** Ranges of two runs of equal servers lie apart by chance in a third of all comparisons; of three in a tenth. */
export const FEWEST_RUNS = 3;

/** A measured figure; none of what is priced or sized can be less than nothing, though a slope lost in noise may. */
export function rangeOf({ estimate }: Pick<Figure, 'estimate'>): Range {
  const { value, interval: known, values } = estimate;
  const isThin = known?.kind === 'range' && values.length < FEWEST_RUNS;
  const interval = isThin ? null : known;
  const { low, high } = interval ?? { low: value, high: value };
  const [least, middle, most] = [low, value, high].map((end) => Math.max(0, end));
  return { low: least, value: middle, high: most, hasInterval: interval !== null };
}

/**
 * What comes out of some measured figures, by the corner method: the low end from all low ends together, the high end from all
 * high ends. For a function that rises with each of them these are its exact bounds while every figure lies in its interval;
 * they are wider than those of errors that cancel.
 * @param of non-decreasing in every figure it reads at the given end
 */
export function cornered(inputs: readonly Range[], of: (end: End) => number): Range {
  return {
    low: of('low'),
    value: of('value'),
    high: of('high'),
    hasInterval: inputs.every(({ hasInterval }) => hasInterval),
  };
}

/** A measured quantity of one option, with what may be said of it and where it is read. */
export interface Quantity {
  readonly range: Range;
  readonly verdict: Verdict;
  /** Path in a run of the result, or the formula over such paths. */
  readonly path: string;
  /** Positions of the runs behind it in `runs` of the result. */
  readonly runs: readonly number[];
}
