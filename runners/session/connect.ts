import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { SelfSample } from '../../contract/control.ts';
import type { MemoryLevel } from '../../contract/result.ts';
import { readHost } from '../samplers/host.ts';
import { readPss } from '../samplers/process.ts';
import type { Evidence } from './evidence.ts';
import type { Session } from './session.ts';
import { rssOf, type Snapshot, sumOrNull } from './snapshot.ts';

/** How long a stretch of the ramp may take beyond its schedule. */
const RAMP_GRACE_MS = 45_000;
const POLL_MS = 50;
/** Kernel and processes come to rest before a level is sampled. */
const SETTLE_MS = 350;

/** Connects the whole fleet: in levels with memory samples where asked for, else in one go. */
export async function connectFleet(
  session: Session,
  evidence: Evidence,
  memoryLevels: number = session.plan.scenario.memoryLevels,
): Promise<void> {
  const { scenario } = session.plan;
  const levels = Math.max(memoryLevels, 1);
  const sampled = memoryLevels > 1;
  if (sampled) evidence.levels.push(await sampleLevel(session, 0));
  let from = 0;
  for (let level = 1; level <= levels; level++) {
    const to = Math.round((scenario.connections * level) / levels);
    await rampTo(session, evidence, from, to);
    from = to;
    if (sampled) evidence.levels.push(await sampleLevel(session, await liveConnections(session)));
  }
  await session.processes.guard(
    Promise.all(session.processes.workers.map((worker) => worker.request('settle', null))),
  );
  evidence.connected = session.snapshot();
  await sampleHandles(session, evidence);
}

async function rampTo(session: Session, evidence: Evidence, from: number, to: number): Promise<void> {
  const { connectPerSecond } = session.plan.scenario;
  const graceMs = session.plan.knownAnswer?.rampGraceMs ?? RAMP_GRACE_MS;
  const startUs = Math.ceil(nowUs()) + 20_000;
  const request = { fromPosition: from, toPosition: to, startUs, connectPerSecond };
  await session.processes.guard(
    Promise.all(session.processes.workers.map((worker) => worker.request('ramp', request))),
  );
  evidence.rampStartUs ??= startUs;
  const deadlineUs = startUs + ((to - from) * 1e6) / connectPerSecond + graceMs * 1_000;
  while (nowUs() < deadlineUs) {
    await session.processes.guard(delay(POLL_MS));
    const progress = await session.progress();
    session.tell('connect', (nowUs() - startUs) / 1_000, null, [
      { label: 'live', value: total(progress.map(({ live }) => live)), unit: 'count' },
      { label: 'asked for', value: session.plan.scenario.connections, unit: 'count' },
    ]);
    const done = progress.flatMap(({ rampDoneUs }) => rampDoneUs ?? []);
    if (done.length === progress.length) {
      evidence.connectingUs += Math.max(...done) - startUs;
      return;
    }
  }
  evidence.connectingUs += nowUs() - startUs;
}

async function liveConnections(session: Session): Promise<number> {
  return total((await session.progress()).map(({ live }) => live));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

async function sampleLevel(session: Session, connections: number): Promise<MemoryLevel> {
  session.tell('memory', 0, null, [{ label: 'connections', value: connections, unit: 'count' }]);
  await session.processes.guard(delay(SETTLE_MS));
  const settled = await levelSample(session, false);
  const afterGc = await levelSample(session, true);
  return { connections, settled, afterGc };
}

async function levelSample(session: Session, gc: boolean): Promise<MemoryLevel['settled']> {
  const { servers, workers } = session.processes;
  const bulk = workers.filter(({ role }) => role === 'worker');
  const request = { gc, mark: false, handles: false };
  const [serverSelf, bulkSelf] = await session.processes.guard(
    Promise.all([
      Promise.all(servers.map((server) => server.request('sample', request))),
      Promise.all(bulk.map((worker) => worker.request('sample', request))),
    ]),
  );
  const snapshot = session.snapshot();
  const pids = session.processes.pids();
  const host = readHost();
  return {
    server: rulers(snapshot, ['server'], pids.server, serverSelf),
    generator: rulers(snapshot, ['worker'], pids.worker, bulkSelf),
    kernelSlabBytes: host.slabBytes,
    machineBytes: host.usedBytes,
  };
}

function rulers(
  snapshot: Snapshot,
  roles: readonly ('server' | 'worker')[],
  pids: readonly number[],
  self: readonly SelfSample[],
): MemoryLevel['settled']['server'] {
  return {
    rssBytes: rssOf(snapshot, roles),
    pssBytes: sumOrNull(pids.map((pid) => readPss(pid))),
    heapBytes: sumOrNull(self.map(({ heapUsedBytes }) => heapUsedBytes)),
    externalBytes: sumOrNull(self.map(({ externalBytes }) => externalBytes)),
  };
}

async function sampleHandles(session: Session, evidence: Evidence): Promise<void> {
  const { servers } = session.processes;
  const request = { gc: false, mark: false, handles: true };
  evidence.handles = await session.processes.guard(
    Promise.all(servers.map((server) => server.request('sample', request))),
  );
  evidence.openFiles = sumOrNull(evidence.connected?.roles.server.map(({ openFiles }) => openFiles) ?? []);
}
