import type { Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { WindowEvidence } from '../session/evidence.ts';

export function publishFigures(window: WindowEvidence | null): Run['publish'] {
  if (window === null || window.publisher === null) return null;
  const { publisher, spec } = window;
  const ack = mergeHistograms([publisher.ack]);
  // n messages span n - 1 gaps; only accepted ones count as achieved.
  const { sent, sendingUs } = publisher;
  const spansGaps = sent >= 2 && sendingUs > 0;
  const figures = {
    offeredPerSecond: spec.ratePerSecond,
    achievedPerSecond: spansGaps ? ((sent - 1) * 1e6) / sendingUs : (sent * 1e6) / spec.durationUs,
    attempted: publisher.attempted,
    sent: publisher.sent,
    refused: publisher.refused,
    unsent: publisher.unsent,
    failed: publisher.failed,
    retried: publisher.retried,
    failures: [...publisher.failures],
    // What clients say on their streams is not answered.
    ackUs: ack.totalCount === 0 ? null : latencyStats(ack, { messages: ack.totalCount }),
  };
  ack.destroy();
  return figures;
}
