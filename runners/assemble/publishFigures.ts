import type { Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { WindowEvidence } from '../session/evidence.ts';

export function publishFigures(window: WindowEvidence | null): Run['publish'] {
  if (window === null || window.publisher === null) return null;
  const { publisher, spec } = window;
  const ack = mergeHistograms([publisher.ack]);
  // n messages span n - 1 gaps.
  const seconds = Math.max(publisher.sendingUs / 1e6, 1e-6);
  const written = publisher.attempted - publisher.unsent;
  const figures = {
    offeredPerSecond: spec.ratePerSecond,
    achievedPerSecond: written < 2 ? (written * 1e6) / spec.durationUs : (written - 1) / seconds,
    attempted: publisher.attempted,
    sent: publisher.sent,
    refused: publisher.refused,
    unsent: publisher.unsent,
    failed: publisher.failed,
    ackUs: latencyStats(ack, { messages: ack.totalCount }),
  };
  ack.destroy();
  return figures;
}
