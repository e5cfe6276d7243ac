import type { Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { differenceOfHistograms, mergeHistograms } from '../recorders/histograms.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { rssOf } from '../session/snapshot.ts';
import { closedWindow } from './closedWindow.ts';
import { nodeChanges, rise } from './nodeChanges.ts';

/** What carried the messages between the nodes, and how long that took; the histogram is of the window. */
export function busFigures(
  evidence: Evidence,
  measured: WindowEvidence | null,
): { readonly bus: Run['bus']; readonly histogram: string | null } {
  const { subject } = evidence.plan;
  const window = closedWindow(measured);
  const none = { bus: null, histogram: null };
  if (subject.kind !== 'reference' || subject.capabilities.bus === null) return none;
  if (window === null || evidence.broker === null) return none;
  const changes = nodeChanges(window).filter(({ after }) => after.bus !== null);
  if (changes.length === 0) return none;
  const count = (of: 'received' | 'lost' | 'publishFailed' | 'reconnects') =>
    rise(changes, ({ bus }) => bus?.[of] ?? 0);
  const encoded = differenceOfHistograms(
    changes.flatMap(({ before }) => before?.bus?.hop ?? []),
    changes.flatMap(({ after }) => after.bus?.hop ?? []),
  );
  const histogram = mergeHistograms([encoded]);
  const bus = {
    kind: subject.capabilities.bus,
    broker: evidence.broker,
    isGiven: subject.givenBus !== null,
    // Each message hops to every node at once: the message is what is independent.
    hopUs: latencyStats(histogram, { messages: window.publisher?.sent ?? 0 }),
    received: count('received'),
    lost: count('lost'),
    publishFailed: count('publishFailed'),
    reconnects: count('reconnects'),
    brokerRssBytes: rssOf(window.after.snapshot, ['broker']),
  };
  histogram.destroy();
  return { bus, histogram: encoded };
}
