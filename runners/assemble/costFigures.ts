import { cpus } from 'node:os';
import type { Scenario } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';
import { differenceOf } from '../samplers/hostDifference.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { hasLost, type RoleDifference, roleDifference, type SampledRole } from '../session/snapshot.ts';
import { closedWindow } from './closedWindow.ts';

const GENERATOR: readonly SampledRole[] = ['worker', 'probe', 'publisher'];

type CostFigures = Pick<Run, 'cpu' | 'io' | 'wire' | 'loop' | 'gc' | 'handles'>;

export function costFigures(evidence: Evidence): CostFigures {
  const { window } = evidence;
  return {
    cpu: cpuFigures(evidence),
    io: {
      server: { syscallsPerDelivery: syscalls(window, ['server']) },
      generator: { syscallsPerDelivery: syscalls(window, GENERATOR) },
    },
    wire: wireFigures(window),
    loop: loopFigures(window),
    gc: gcFigures(window),
    handles: handleFigures(evidence),
  };
}

/**
 * Deliveries received between the snapshots: those of the window, in proportion to the snapshots' distance. Those to slow
 * readers are among them, since they cost as the others do.
 */
function receivedIn(window: WindowEvidence): number {
  const received = window.workers.reduce(
    (sum, { receivedInWindow, slow }) => sum + receivedInWindow + (slow?.receivedInWindow ?? 0),
    0,
  );
  const spanUs = window.after.snapshot.atUs - window.before.snapshot.atUs;
  return (received * spanUs) / window.spec.durationUs;
}

function per(value: number | null, count: number): number | null {
  return value === null || count <= 0 ? null : value / count;
}

function cpuFigures(evidence: Evidence): Run['cpu'] {
  const window = closedWindow(evidence.window);
  const cores = cpus().length;
  const none = { usPerDelivery: null, userShare: null, systemShare: null };
  if (window === null) {
    const server = { ...none, usPerPublish: evidence.usPerPublish };
    return {
      server,
      generator: none,
      publisher: none,
      coordinator: none,
      broker: null,
      link: null,
      hostSoftirqShare: null,
      hostBusyShare: null,
      cores,
    };
  }
  const deliveries = receivedIn(window);
  const role = (roles: readonly SampledRole[], ingestUs = 0) => {
    const difference = roleDifference(window.before.snapshot, window.after.snapshot, roles);
    const isWhole = !hasLost(window.before.snapshot, window.after.snapshot, roles);
    if (!isWhole) return none;
    return {
      usPerDelivery: per(withoutIngest(difference.cpuUs, ingestUs), deliveries),
      userShare: share(difference, difference.cpuUserUs),
      systemShare: share(difference, difference.cpuSystemUs),
    };
  };
  const host = differenceOf(window.before.snapshot.host, window.after.snapshot.host);
  const ingestUs = isIngestApart(evidence.plan.scenario)
    ? (evidence.usPerPublish ?? 0) * window.spec.count
    : 0;
  return {
    server: { ...role(['server'], ingestUs), usPerPublish: evidence.usPerPublish },
    generator: role(GENERATOR),
    publisher: role(['publisher']),
    coordinator: role(['coordinator']),
    broker: window.before.snapshot.roles.broker.length === 0 ? null : role(['broker']),
    link: window.before.snapshot.roles.link.length === 0 ? null : role(['link']),
    hostSoftirqShare: host.softirqShare,
    hostBusyShare: host.busyShare,
    cores,
  };
}

/** A search publishes far faster than the ingest was measured at, in batches that cost much less: nothing is taken off. */
export function isIngestApart({ procedure }: Pick<Scenario, 'procedure'>): boolean {
  return procedure === 'load';
}

/** Null where ingest alone would have cost more than was used: it was measured at another rate, and 0 would be a lie. */
function withoutIngest(cpuUs: number | null, ingestUs: number): number | null {
  return cpuUs === null || ingestUs > cpuUs ? null : cpuUs - ingestUs;
}

function share(difference: RoleDifference, us: number | null): number | null {
  return us === null ? null : us / 1e6 / difference.seconds;
}

function syscalls(evidence: WindowEvidence | null, roles: readonly SampledRole[]): number | null {
  const window = closedWindow(evidence);
  if (window === null || hasLost(window.before.snapshot, window.after.snapshot, roles)) return null;
  return per(
    roleDifference(window.before.snapshot, window.after.snapshot, roles).syscalls,
    receivedIn(window),
  );
}

function wireFigures(evidence: WindowEvidence | null): Run['wire'] {
  const window = closedWindow(evidence);
  const change = (of: 'bytesRead' | 'bytesWritten') => {
    const from = window?.before.wire[of] ?? null;
    const to = window?.after.wire[of] ?? null;
    return from === null || to === null ? null : to - from;
  };
  const deliveries = window === null ? 0 : window.after.wire.received - window.before.wire.received;
  const read = per(change('bytesRead'), deliveries);
  const written = per(change('bytesWritten'), deliveries);
  return {
    bytesPerDelivery: read === null || written === null ? null : read + written,
    bytesReadPerDelivery: read,
    bytesWrittenPerDelivery: written,
  };
}

/** What the nodes say of themselves holds from the start of the window on: not of one that came later. */
function sawAllNodes(window: WindowEvidence): boolean {
  return window.serverSelf.length > 0 && !hasLost(window.before.snapshot, window.after.snapshot, ['server']);
}

function loopFigures(evidence: WindowEvidence | null): Run['loop'] {
  const window = closedWindow(evidence);
  if (window === null || !sawAllNodes(window)) return null;
  const highest = (of: (self: WindowEvidence['serverSelf'][number]) => number) =>
    Math.max(...window.serverSelf.map(of));
  return {
    delayP99Us: highest((self) => self.loopDelayP99Us),
    delayMaxUs: highest((self) => self.loopDelayMaxUs),
    latenessMaxUs: highest((self) => self.latenessMaxUs),
    utilisation: highest((self) => self.utilisation),
  };
}

function gcFigures(evidence: WindowEvidence | null): Run['gc'] {
  const window = closedWindow(evidence);
  if (window === null || !sawAllNodes(window)) return null;
  const total = (of: (self: WindowEvidence['serverSelf'][number]) => number) =>
    window.serverSelf.reduce((sum, self) => sum + of(self), 0);
  const seconds = (window.after.snapshot.atUs - window.before.snapshot.atUs) / 1e6;
  const pauseMs = total((self) => self.gcPauseUs) / 1_000;
  const allocated = window.serverSelf.some(({ allocatedBytes }) => allocatedBytes === null)
    ? null
    : total((self) => self.allocatedBytes ?? 0);
  return {
    count: total((self) => self.gcCount),
    pauseMs,
    pauseMaxMs: Math.max(...window.serverSelf.map(({ gcPauseMaxUs }) => gcPauseMaxUs)) / 1_000,
    pauseMsPerSecond: pauseMs / seconds,
    allocatedBytesPerDelivery: per(allocated, receivedIn(window)),
  };
}

function handleFigures(evidence: Evidence): Run['handles'] {
  if (evidence.handles.length === 0) return null;
  const live = evidence.fleet.reduce((sum, { established }) => sum + established, 0);
  const sockets = evidence.handles.reduce((sum, self) => sum + (self.sockets ?? 0), 0);
  const timers = evidence.handles.reduce((sum, self) => sum + (self.timers ?? 0), 0);
  return {
    perConnection: per(sockets + timers, live),
    timersPerConnection: per(timers, live),
    openFiles: evidence.openFiles,
  };
}
