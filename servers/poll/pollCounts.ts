import type { NodeMetrics } from '../metrics.ts';

/** How polls were answered; read when somebody scrapes, so that counting itself is a plain addition. */
export interface PollCounts {
  /** 200. */
  shown: number;
  /** 204: nothing there yet, or nothing came while the request was held. */
  empty: number;
  /** 304. */
  unchanged: number;
}

export function newPollCounts(metrics: NodeMetrics): PollCounts {
  const counts: PollCounts = { shown: 0, empty: 0, unchanged: 0 };
  metrics.counter('push_polls_shown_total', 'Polls answered 200', () => counts.shown);
  metrics.counter('push_polls_empty_total', 'Polls answered 204', () => counts.empty);
  metrics.counter('push_polls_unchanged_total', 'Polls answered 304', () => counts.unchanged);
  return counts;
}
