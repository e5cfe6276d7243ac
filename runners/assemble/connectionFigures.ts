import type { Run } from '../../contract/result.ts';
import type { WorkerFleetReport } from '../../contract/workerControl.ts';
import type { Evidence } from '../session/evidence.ts';

export function connectionFigures(evidence: Evidence): Run['connections'] {
  const { fleet, plan, connectingUs } = evidence;
  const sum = (of: (report: WorkerFleetReport) => number) =>
    fleet.reduce((total, report) => total + of(report), 0);
  const requested = plan.scenario.connections;
  const established = sum((r) => r.established);
  const seconds = connectingUs > 0 ? connectingUs / 1e6 : null;
  return {
    requested,
    established,
    failed: sum((r) => r.failed),
    unsent: Math.max(0, requested - sum((r) => r.attempted)),
    perSecond: seconds === null ? null : established / seconds,
    seconds,
    dropped: sum((r) => r.dropped),
    reconnects: sum((r) => r.reconnects),
    churned: sum((r) => r.churned),
    gaveUp: sum((r) => r.gaveUp),
    tcp: tcpConnections(evidence.fleet),
    gaps: sum((r) => r.gaps),
    failures: failuresOf(fleet),
    ramp: rampOf(fleet),
  };
}

/** The drivers' own count where streams share connections; null: it was not asked for. */
function tcpConnections(fleet: readonly WorkerFleetReport[]): number | null {
  const known = fleet.flatMap(({ tcpConnections: count, established }) => count ?? established);
  return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
}

function failuresOf(fleet: readonly WorkerFleetReport[]): Run['connections']['failures'] {
  const byKind = new Map<string, { reason: string; detail: string; count: number }>();
  for (const { reason, detail, count } of fleet.flatMap(({ failures }) => failures)) {
    const key = `${reason}\n${detail}`;
    byKind.set(key, { reason, detail, count: count + (byKind.get(key)?.count ?? 0) });
  }
  return [...byKind.values()].sort((a, b) => b.count - a.count).slice(0, 20);
}

/** Sums the workers' ramps: at each time, the last that each of them noted. */
function rampOf(fleet: readonly WorkerFleetReport[]): Run['connections']['ramp'] {
  const times = [...new Set(fleet.flatMap(({ ramp }) => ramp.map(({ atMs }) => atMs)))].sort((a, b) => a - b);
  const at = fleet.map(() => 0);
  return times.map((atMs) => {
    const entry = { atMs, attempted: 0, established: 0, failed: 0 };
    fleet.forEach(({ ramp }, worker) => {
      while (at[worker] < ramp.length && ramp[at[worker]].atMs <= atMs) at[worker]++;
      const last = ramp[at[worker] - 1];
      entry.attempted += last?.attempted ?? 0;
      entry.established += last?.established ?? 0;
      entry.failed += last?.failed ?? 0;
    });
    return entry;
  });
}
