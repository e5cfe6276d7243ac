import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import { encodeHistogram, mergeHistograms } from '../recorders/histograms.ts';

const MAX_FAILURES = 10;

/**
 * One phase that the clients of several processes said, as if one publisher had.
 * @param isAnswered false: the server answers nothing, and how long a write took is no acknowledgement
 */
export function mergeSpeaking(
  phase: number,
  reports: readonly PublisherPhaseReport[],
  isAnswered: boolean,
): PublisherPhaseReport {
  const sum = (of: (report: PublisherPhaseReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    phase,
    attempted: sum((report) => report.attempted),
    sent: sum((report) => report.sent),
    refused: sum((report) => report.refused),
    failed: sum((report) => report.failed),
    unsent: sum((report) => report.unsent),
    retried: sum((report) => report.retried),
    failures: mergeFailures(reports),
    sendingUs: Math.max(0, ...reports.map(({ sendingUs }) => sendingUs)),
    sendLag: merged(reports.map(({ sendLag }) => sendLag)),
    lateness: merged(reports.map(({ lateness }) => lateness)),
    ack: merged(isAnswered ? reports.map(({ ack }) => ack) : []),
  };
}

function mergeFailures(reports: readonly PublisherPhaseReport[]): PublisherPhaseReport['failures'] {
  const counts = new Map<string, number>();
  for (const { detail, count } of reports.flatMap(({ failures }) => failures)) {
    counts.set(detail, (counts.get(detail) ?? 0) + count);
  }
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MAX_FAILURES);
  return most.map(([detail, count]) => ({ detail, count }));
}

function merged(encoded: readonly string[]): string {
  const histogram = mergeHistograms(encoded);
  const text = encodeHistogram(histogram);
  histogram.destroy();
  return text;
}
