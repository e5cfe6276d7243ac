import type { Run } from '../../contract/result.ts';
import { formatRate, formatRateOf } from '../numbers.ts';

/** Below this share of the schedule, it was not the schedule that set the pace. */
const KEPT = 0.9;

/** What connects per second and handshakes mean in these runs: it depends on whether connects were due faster than they were served. */
export function connectPace(runs: readonly Run[]): string {
  const due = Math.max(
    ...runs.map(({ workload }) =>
      typeof workload.connectPerSecond === 'number' ? workload.connectPerSecond : 0,
    ),
  );
  const rates = runs.flatMap(({ connections }) => connections.perSecond ?? []);
  if (rates.length === 0 || due <= 0) return '';
  const slowest = Math.min(...rates);
  const keptBySome = Math.max(...rates) >= KEPT * due;
  const schedule = `Connects were due at ${formatRateOf(due, 'connects')}`;
  return slowest >= KEPT * due
    ? `${schedule}, which every kind kept: handshakes are those of clients that come one by one, and connects per second are the schedule’s, not a limit.`
    : `${schedule}, faster than ${formatRate(slowest)} that the slowest kind reached: connects per second are then what server and clients can do on this machine, and a handshake holds the wait for those before it. ${keptBySome ? 'Those that kept the schedule could take more than it shows, so that the ratio of the others to them may be larger. ' : ''}A lower --connect-rate gives the handshake of a client that comes alone.`;
}

/** Handshakes and requests that the servers of these runs turned away, by reason. */
export function unauthenticatedOf(runs: readonly Run[]): { reason: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const { security } of runs)
    for (const { reason, count } of security.unauthenticated)
      sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums].map(([reason, count]) => ({ reason, count })).filter(({ count }) => count > 0);
}
