import type { PollFigures } from '../../contract/loadDriver.ts';
import type { LatencyStats, Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { differenceOfHistograms, mergeHistograms } from '../recorders/histograms.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { closedWindow } from './closedWindow.ts';

type Counted = 'sent' | 'answered' | 'empty' | 'failed' | 'skipped' | 'connections' | 'emptyBytes';

/** What the polls of the window cost and brought; null where nobody polls on an interval or holds a request. */
export function pollingFigures(evidence: Evidence, measured: WindowEvidence | null): Run['polling'] {
  const window = closedWindow(measured);
  const { polling, streams } = evidence.plan;
  if (polling === null || window === null || window.after.polls.length === 0) return null;
  const count = (of: Counted) => totalOf(window.after.polls, of) - totalOf(window.before.polls, of);
  const [sent, answered, empty] = [count('sent'), count('answered'), count('empty')];
  const seconds = (window.after.snapshot.atUs - window.before.snapshot.atUs) / 1e6;
  const perStream = window.spec.ratePerSecond / streams;
  return {
    intervalMs: polling.mode === 'held' ? 0 : polling.intervalMs,
    sentPerSecond: sent / seconds,
    sent,
    answered,
    empty,
    failed: count('failed'),
    skipped: count('skipped'),
    wastedRatio: answered === 0 ? null : empty / answered,
    eventsPerPollInterval: polling.mode === 'held' ? null : (perStream * polling.intervalMs) / 1_000,
    connectionReuseRatio: sent === 0 ? null : Math.max(0, 1 - count('connections') / sent),
    bytesPerEmptyPoll: empty === 0 ? null : count('emptyBytes') / empty,
    scheduleErrorUs: statsBetween(window, (figures) => figures.scheduleError),
    roundTripUs: statsBetween(window, (figures) => figures.roundTrip),
  };
}

function totalOf(figures: readonly PollFigures[], of: Counted): number {
  return figures.reduce((sum, each) => sum + each[of], 0);
}

function statsBetween(window: WindowEvidence, of: (figures: PollFigures) => string): LatencyStats {
  const encoded = differenceOfHistograms(window.before.polls.map(of), window.after.polls.map(of));
  const histogram = mergeHistograms([encoded]);
  const stats = latencyStats(histogram, { messages: histogram.totalCount });
  histogram.destroy();
  return stats;
}
