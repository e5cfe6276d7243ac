import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { SelfSample } from '../../contract/control.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerProgress } from '../../contract/workerControl.ts';
import { readProcessTable } from '../samplers/processTable.ts';
import type { Edge, WindowEvidence, WireCounts } from './evidence.ts';
import { longestPauseMs } from './roleStarts.ts';
import type { RunningPhase, Session } from './session.ts';
import { sumOrNull } from './snapshot.ts';

/** Without a new delivery for this long, or two poll intervals at their longest, the drain ends: what is missing is lost. */
const DRAIN_QUIET_MS = 5_000;
/** The drain never takes longer. */
const DRAIN_LIMIT_MS = 65_000;
const DRAIN_POLL_MS = 50;

/** What is read from outside at the edge of a window. */
type Seen = Pick<Edge, 'snapshot' | 'everybody'>;

export interface SelfSamples {
  readonly server: readonly SelfSample[];
  readonly generator: readonly SelfSample[];
}

/** Samples what the processes say of themselves; `mark` starts their figures anew. */
export async function selfSamples(session: Session, mark: boolean): Promise<SelfSamples> {
  const { workers, publisher, links } = session.processes;
  const servers = session.processes.servers.filter(({ alive }) => alive);
  const request = { gc: false, mark, handles: false };
  const [server, generator] = await session.processes.guard(
    Promise.all([
      Promise.all(servers.map((role) => role.request('sample', request))),
      Promise.all([
        ...workers.map((role) => role.request('sample', request)),
        ...(publisher === null ? [] : [publisher.request('sample', request)]),
        ...links.map((role) => role.request('sample', request)),
      ]),
    ]),
  );
  return { server, generator };
}

/** p99 of how late the relay was since this was last asked, the worst of its processes, microseconds. */
async function linkLateness(session: Session): Promise<number | null> {
  const { links } = session.processes;
  const late = await session.processes.guard(
    Promise.all(links.map((role) => role.request('lateness', null))),
  );
  const known = late.filter((us) => us !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Snapshot at a time, on a timer of its own: workers under full load answer late, and a window that waited for them
 * would not be the window.
 */
function seenAt(session: Session, atUs: number): Promise<Seen> {
  // Unreferenced: after an abort nobody waits for it, and the coordinator must not either.
  const due = delay(Math.max(0, (atUs - nowUs()) / 1_000), undefined, { ref: false });
  return session.processes.guard(
    due.then(() => ({ snapshot: session.snapshot(), everybody: readProcessTable() })),
  );
}

/** What the bulk workers have received and how many bytes that took: both of the same moment. */
async function wireCounts(session: Session): Promise<WireCounts> {
  const progress = await session.progress();
  const bulk = progress.filter((_, index) => session.processes.workers[index].role === 'worker');
  return {
    received: receivedOf(bulk),
    bytesRead: sumOrNull(bulk.map(({ counters }) => counters.bytesRead)),
    bytesWritten: sumOrNull(bulk.map(({ counters }) => counters.bytesWritten)),
  };
}

function receivedOf(progress: readonly WorkerProgress[]): number {
  return progress.reduce((sum, { phases }) => sum + phases.reduce((s, { received }) => s + received, 0), 0);
}

/** Shows a phase of load while it goes on. */
export async function followPhase(session: Session, running: RunningPhase): Promise<void> {
  const { spec } = running;
  let before: { atUs: number; received: number } | null = null;
  await session.sleepUntil(spec.startUs + spec.durationUs, async () => {
    const received = receivedOf(await session.progress());
    const atUs = nowUs();
    const perSecond = before === null ? 0 : ((received - before.received) * 1e6) / (atUs - before.atUs);
    before = { atUs, received };
    session.tell(spec.name, Math.max(0, atUs - spec.startUs) / 1_000, spec.durationUs / 1_000, [
      { label: 'deliveries', value: perSecond, unit: 'perSecond' },
    ]);
  });
}

/** Waits until every expected delivery has come, or nothing comes any more, or the bound is hit. */
export async function drain(
  session: Session,
  phases: readonly PhaseSpec[],
): Promise<{ drainMs: number; boundHit: boolean }> {
  const ids = new Set(phases.map(({ id }) => id));
  // A client that backed off has not lost what it has not asked for yet.
  const { knownAnswer } = session.plan;
  const quietMs = Math.max(knownAnswer?.drainQuietMs ?? DRAIN_QUIET_MS, 2 * longestPauseMs(session.plan));
  const limitMs = knownAnswer?.drainLimitMs ?? DRAIN_LIMIT_MS;
  const startUs = nowUs();
  let quietSinceUs = startUs;
  let lastReceived = -1;
  for (;;) {
    const progress = await session.progress();
    const own = progress.flatMap(({ phases: all }) => all.filter(({ phase }) => ids.has(phase)));
    const missing = own.reduce((sum, phase) => sum + phase.missing, 0);
    const received = own.reduce((sum, phase) => sum + phase.received, 0);
    const atUs = nowUs();
    if (received !== lastReceived || isAwaited(session, progress)) quietSinceUs = atUs;
    lastReceived = received;
    const drainMs = (atUs - startUs) / 1_000;
    if (missing === 0 || atUs - quietSinceUs > quietMs * 1_000) return { drainMs, boundHit: false };
    if (drainMs > limitMs) return { drainMs, boundHit: true };
    session.tell('drain', drainMs, null, [{ label: 'missing', value: missing, unit: 'count' }]);
    await session.processes.guard(delay(DRAIN_POLL_MS));
  }
}

/** Where connections were broken on purpose, or refused, those that are still to come back bring what they missed. */
function isAwaited({ plan: { scenario } }: Session, progress: readonly WorkerProgress[]): boolean {
  if (scenario.fault === 'none' && scenario.slowShare === 0) return false;
  return progress.some(({ established, live, gaveUp }) => live + gaveUp < established);
}

/** Everything that is counted at the edge of a window. */
async function edge(session: Session, seen: Seen): Promise<Edge> {
  const wire = await wireCounts(session);
  const nodes = await session.served.nodeCounts();
  const polls = await session.pollFigures('worker');
  return {
    ...seen,
    wire,
    polls,
    probePolls: await session.pollFigures('probe'),
    nodes,
  };
}

/** Measures one window: edges, drain, and everything the roles kept of it. */
export async function measureWindow(
  session: Session,
  running: RunningPhase,
  alsoDrain: readonly PhaseSpec[],
  keep: (window: WindowEvidence) => void,
): Promise<WindowEvidence> {
  const { spec } = running;
  const atStart = seenAt(session, spec.startUs);
  const atEnd = seenAt(session, spec.startUs + spec.durationUs);
  // Whoever awaits them below sees an abort; until then it must not count as unhandled.
  atEnd.catch(() => {});
  const before = await edge(session, await atStart);
  await selfSamples(session, true);
  await linkLateness(session);
  const partial = {
    spec,
    before,
    publishing: running.publisher,
    probeIndex: session.processes.workers.findIndex(({ role }) => role === 'probe'),
  };
  keep({
    ...partial,
    after: before,
    publisher: null,
    workers: [],
    serverSelf: [],
    generatorSelf: [],
    linkLateUs: null,
    drainMs: 0,
    drainBoundHit: false,
  });
  await followPhase(session, running);
  const after = await edge(session, await atEnd);
  const self = await selfSamples(session, false);
  const linkLateUs = await linkLateness(session);
  const publisher = await session.processes.guard(running.publisher);
  // At the pace of a slow reader the rest would take hours, and what became of it would never be known.
  await session.releaseSlow();
  const { drainMs, boundHit } = await drain(session, [spec, ...alsoDrain]);
  const window = {
    ...partial,
    after,
    publisher,
    workers: await session.collect(spec),
    serverSelf: self.server,
    generatorSelf: self.generator,
    linkLateUs,
    drainMs,
    drainBoundHit: boundHit,
  };
  keep(window);
  return window;
}
