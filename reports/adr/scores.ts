import type { Verdict } from '../../contract/result.ts';
import type { CriterionName } from './decision.ts';
import type { Range } from './range.ts';

/** The best score. */
export const BEST = 10;

/** One option's figure on one criterion. */
export interface Scored {
  /** The measured figure; null: there is none. */
  readonly figure: Range | null;
  readonly verdict: Verdict;
  /** Score, 0 to 10, with the ends that the figure's interval gives it; the whole scale where nothing may be claimed. */
  readonly score: Range;
  /** Why the score is the whole scale, or 0 without a figure; null: it comes from the figure. */
  readonly because: string | null;
}

/** What is known of an option on a criterion where less is better. */
export interface Given {
  readonly figure: Range | null;
  readonly verdict: Verdict;
  /** True where it was measured and is not defined, such as a percentile that was lost: nothing is worse. */
  readonly isWorst: boolean;
  /** Why there is no figure, where it was measured all the same. */
  readonly why?: string;
}

/** Why a percentile is not defined. */
export const LOST_BEYOND = 'more was lost than it leaves out';

const UNKNOWN: Range = { low: 0, value: BEST / 2, high: BEST, hasInterval: false };

/**
 * 10 for the least, 0 for ten times as much or more, on a log scale between them: `10 - 10 log10(x / least)`, where `least` is
 * the lowest median of all options. One reference for all keeps the order of the ends: within the scale, scores lie
 * apart where figures do.
 */
export function scoresOf(given: readonly Given[]): Scored[] {
  const usable = given.filter(({ verdict }) => verdict !== 'INVALID');
  const values = usable.flatMap(({ figure }) => (figure && figure.value > 0 ? [figure.value] : []));
  const least = Math.min(...values);
  return given.map((one) => ({ figure: one.figure, verdict: one.verdict, ...scored(one, least) }));
}

function scored({ figure, verdict, isWorst, why }: Given, least: number): Pick<Scored, 'score' | 'because'> {
  if (verdict === 'INVALID') return { score: UNKNOWN, because: 'INVALID' };
  if (isWorst) return { score: fixed(0), because: LOST_BEYOND };
  if (figure === null) return { score: UNKNOWN, because: why ?? 'not measured' };
  if (!figure.hasInterval) return { score: UNKNOWN, because: 'too few usable runs for an interval' };
  const scale = (value: number) => clipped(BEST - BEST * Math.log10(value / least));
  return {
    score: {
      low: scale(figure.high),
      value: scale(figure.value),
      high: scale(figure.low),
      hasInterval: true,
    },
    because: null,
  };
}

function clipped(score: number): number {
  return Math.min(BEST, Math.max(0, score));
}

/** A score that somebody gave. */
export function judged(score: number): Scored {
  return { figure: null, verdict: 'VALID', score: fixed(score), because: null };
}

function fixed(score: number): Range {
  return { low: score, value: score, high: score, hasInterval: true };
}

/** Sum of weight x score over the sum of the weights, for each end: the total lies between its ends while every score does. */
export function totalOf(
  scores: ReadonlyMap<CriterionName, Scored>,
  weights: ReadonlyMap<CriterionName, number>,
): Range {
  const parts = [...weights].flatMap(([name, weight]) => {
    const one = scores.get(name);
    return one ? [{ weight, range: one.score }] : [];
  });
  const all = parts.reduce((sum, { weight }) => sum + weight, 0);
  const end = (of: 'low' | 'value' | 'high') =>
    parts.reduce((sum, { weight, range }) => sum + weight * range[of], 0) / all;
  return {
    low: end('low'),
    value: end('value'),
    high: end('high'),
    // What is not known has the whole scale as its range.
    hasInterval: true,
  };
}
