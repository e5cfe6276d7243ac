import { quantileWithLost } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { ProcessSample } from '../samplers/process.ts';
import { processDifferenceOf } from '../samplers/processDifference.ts';
import type { Edge, WindowEvidence } from '../session/evidence.ts';

/** Share of a window that a publisher worked, or waited for a core to, from which it had no time to spare. */
const NO_TIME_TO_SPARE = 0.9;

/** A window, as far as it is read here. */
export interface PublishedWindow {
  readonly publisher: Pick<NonNullable<WindowEvidence['publisher']>, 'lateness' | 'sendLag'> | null;
  readonly before: PublisherEdge;
  readonly after: PublisherEdge;
}

interface PublisherEdge {
  readonly snapshot: { readonly roles: Pick<Edge['snapshot']['roles'], 'publisher'> };
}

/**
 * p99 of how late the publisher itself was, microseconds; null where nothing was published. Of a publisher that had no
 * time to spare all of the send lag is its own: answers that have come wait for it as well, and nobody can tell which did.
 */
export function publisherLateness(window: PublishedWindow | null): number | null {
  if (window === null || window.publisher === null) return null;
  const { lateness, sendLag } = window.publisher;
  const own = mergeHistograms([busyShare(window) < NO_TIME_TO_SPARE ? lateness : sendLag]);
  const p99 = quantileWithLost(own, 0, 0.99);
  own.destroy();
  return p99;
}

/** 0 where no publisher has a process of its own: then nothing waits in front of those that speak. */
function busyShare({ before, after }: PublishedWindow): number {
  const earlier = new Map(before.snapshot.roles.publisher.map((sample) => [sample.pid, sample]));
  const shares = after.snapshot.roles.publisher.map((late) => {
    const early: ProcessSample | undefined = earlier.get(late.pid);
    if (early === undefined || early.atUs === late.atUs) return 0;
    const { cpuUs, runDelayUs, seconds } = processDifferenceOf(early, late);
    return ((cpuUs ?? 0) + (runDelayUs ?? 0)) / 1e6 / seconds;
  });
  return Math.max(0, ...shares);
}
