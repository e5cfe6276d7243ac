import { quantileWithLost } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { WindowEvidence } from '../session/evidence.ts';

/** p99 of how late the publisher itself was, microseconds; null where nothing was published. */
export function publisherLateness(window: Pick<WindowEvidence, 'publisher'> | null): number | null {
  if (window === null || window.publisher === null) return null;
  const lateness = mergeHistograms([window.publisher.lateness]);
  const p99 = quantileWithLost(lateness, 0, 0.99);
  lateness.destroy();
  return p99;
}
