import type { Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { differenceOfHistograms, mergeHistograms } from '../recorders/histograms.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { rssOf } from '../session/snapshot.ts';

/** What carried the messages between the nodes, and how long that took; the histogram is of the window. */
export function busFigures(
  evidence: Evidence,
  window: WindowEvidence | null,
): { readonly bus: Run['bus']; readonly histogram: string | null } {
  const { subject } = evidence.plan;
  const none = { bus: null, histogram: null };
  if (subject.kind !== 'reference' || subject.capabilities.bus === null) return none;
  if (window === null || evidence.broker === null || window.after.bus.length === 0) return none;
  const { after } = window;
  // A node that was killed took its figures along; it is the last one, see `procedures/fault.ts`.
  const before = window.before.bus.slice(0, after.bus.length);
  const count = (of: 'received' | 'lost' | 'publishFailed' | 'reconnects') =>
    Math.max(0, total(after.bus.map((stats) => stats[of])) - total(before.map((stats) => stats[of])));
  const encoded = differenceOfHistograms(
    before.map(({ hop }) => hop),
    after.bus.map(({ hop }) => hop),
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
    brokerRssBytes: rssOf(after.snapshot, ['broker']),
  };
  histogram.destroy();
  return { bus, histogram: encoded };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
