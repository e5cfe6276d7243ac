import { areApart } from './estimate.ts';
import type { Figure } from './figures.ts';

/** What some servers' figures of one metric allow to say. */
export type FigureVerdict =
  /** One lies apart from all others. */
  | { readonly kind: 'wins'; readonly best: Figure; readonly rest: readonly Figure[] }
  /** Several cannot be told from the best; the rest lies apart from the best, not always from each of them. */
  | { readonly kind: 'ties'; readonly tied: readonly Figure[]; readonly rest: readonly Figure[] }
  /** A figure without an interval decides nothing. */
  | { readonly kind: 'open'; readonly figures: readonly Figure[] };

/** Ranks figures, the best first. */
export function ranked(figures: readonly Figure[]): Figure[] {
  return [...figures].sort((a, b) =>
    a.metric.better === 'lower' ? a.estimate.value - b.estimate.value : b.estimate.value - a.estimate.value,
  );
}

/**
 * The rule of every claim: A beats B only where their intervals do not overlap. Figures whose family is INVALID are the
 * caller's to leave out. null for fewer than two.
 */
export function judgeFigures(figures: readonly Figure[]): FigureVerdict | null {
  const order = ranked(figures);
  const [best, ...others] = order;
  if (!best || others.length === 0) return null;
  if (order.some(({ estimate }) => estimate.interval === null)) return { kind: 'open', figures: order };
  const tied = [best, ...others.filter((other) => !areApart(best.estimate, other.estimate))];
  const rest = order.filter((figure) => !tied.includes(figure));
  return tied.length === 1 ? { kind: 'wins', best, rest } : { kind: 'ties', tied, rest };
}
