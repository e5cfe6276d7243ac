import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowUs } from '../contract/clock.ts';
import { DEFAULT_ACCESS } from '../contract/config.ts';
import { latencyStats } from '../reports/statistics/latencyStats.ts';
import { acquireRunLock } from '../runners/lock.ts';
import { planRuns } from '../runners/plan.ts';
import { initHistograms, mergeHistograms } from '../runners/recorders/histograms.ts';
import { readLimits } from '../runners/samplers/limits.ts';
import { connectFleet } from '../runners/session/connect.ts';
import { emptyEvidence, type WindowEvidence } from '../runners/session/evidence.ts';
import { Session } from '../runners/session/session.ts';
import { roleDifference } from '../runners/session/snapshot.ts';
import { followPhase, measureWindow } from '../runners/session/window.ts';
import { steady } from '../scenarios/steady.ts';
import { type Benchmark, type Figure, median } from './figure.ts';

/** Pairs of windows, one with the profiler and one without. */
const PAIRS = 5;
/** As in the profile pass of a run. */
const INTERVAL_US = 200;
const WINDOW_MS = 4_000;
const WARMUP_MS = 5_000;
const BEFORE_WINDOW_MS = 1_000;

interface Cost {
  readonly usPerDelivery: number;
  readonly p99Us: number;
}

interface Pair {
  readonly on: Cost;
  readonly off: Cost;
}

/** What the CPU profiler does to the server that it looks into; a run profiles after its window for that reason. */
export const profiling: Benchmark = {
  name: 'profiling',
  summary: 'the load of steady on sse with the CPU profiler on and off, in turns; a minute',
  async measure({ quick, repeats, tell }): Promise<readonly Figure[]> {
    await initHistograms();
    const lock = await acquireRunLock();
    const directory = await mkdtemp(join(tmpdir(), 'pushbench-benchmark-'));
    const session = createSession(quick);
    try {
      await session.start();
      await connectFleet(session, emptyEvidence(session.plan, nowUs()));
      await warmUp(session, quick ? 500 : WARMUP_MS);
      const pairs = quick ? 1 : (repeats ?? PAIRS);
      const measured: Pair[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        tell(`  ${pair + 1} of ${pairs}`);
        measured.push(await measurePair(session, join(directory, `${pair}.cpuprofile`), pair % 2 === 0));
      }
      return figuresOf(measured);
    } finally {
      await session.stop();
      await rm(directory, { recursive: true, force: true });
      await lock.release();
    }
  },
};

function createSession(quick: boolean): Session {
  const scenario = {
    ...steady,
    memoryLevels: 0,
    durationMs: quick ? 1_000 : WINDOW_MS,
    ...(quick ? { connections: 200, rooms: 10, ratePerSecond: 100, probes: 4 } : {}),
  };
  const settings = {
    stages: [{ stage: 'sse', variant: 'shared' }],
    scenario,
    target: null,
    runs: 1,
    seed: 1,
  };
  const [plan] = planRuns(
    { ...DEFAULT_ACCESS, ...settings, labels: {}, cost: null, buses: {}, sweep: null },
    readLimits(),
  );
  const signal = new AbortController().signal;
  return new Session(plan, { publishes: true, signal, progress: () => {} });
}

async function warmUp(session: Session, forMs: number): Promise<void> {
  const running = await session.phase('warmup', session.plan.scenario.ratePerSecond, forMs);
  await followPhase(session, running);
  await session.processes.guard(running.publisher);
}

/** Neighbours in time, and every second pair the other way round: what drifts meets both. */
async function measurePair(session: Session, path: string, isOnFirst: boolean): Promise<Pair> {
  const first = isOnFirst ? await profiled(session, path) : await plain(session);
  const second = isOnFirst ? await plain(session) : await profiled(session, path);
  return isOnFirst ? { on: first, off: second } : { on: second, off: first };
}

async function profiled(session: Session, path: string): Promise<Cost> {
  const [node] = session.processes.servers;
  await session.processes.guard(node.request('profileStart', { kind: 'cpu', intervalUs: INTERVAL_US }));
  const cost = await plain(session);
  await session.processes.guard(node.request('profileStop', { path }));
  return cost;
}

async function plain(session: Session): Promise<Cost> {
  const { ratePerSecond, durationMs } = session.plan.scenario;
  const [node] = session.processes.servers;
  // What the profile before it left behind is not collected in the window.
  await session.processes.guard(node.request('sample', { gc: true, mark: false, handles: false }));
  const before = await session.phase('warmup', ratePerSecond, BEFORE_WINDOW_MS);
  const running = await session.phase('measure', ratePerSecond, durationMs);
  await followPhase(session, before);
  return costOf(await measureWindow(session, running, [before.spec], () => {}));
}

function costOf({ before, after, workers, spec }: WindowEvidence): Cost {
  const { cpuUs } = roleDifference(before.snapshot, after.snapshot, ['server']);
  const received = workers.reduce((sum, { receivedInWindow }) => sum + receivedInWindow, 0);
  const delivery = mergeHistograms(workers.map(({ delivery: encoded }) => encoded));
  const { p99 } = latencyStats(delivery, { messages: spec.count });
  delivery.destroy();
  if (cpuUs === null || p99 === null || received === 0) throw new Error('the window measured nothing');
  return { usPerDelivery: cpuUs / received, p99Us: p99 };
}

function figuresOf(measured: readonly Pair[]): Figure[] {
  const ruler = `windows of ${WINDOW_MS / 1_000} s with the load of steady on \`sse\`, with the profiler at ${INTERVAL_US} µs over without, in turns; median and range of ${measured.length}`;
  const ratio = (what: string, of: (cost: Cost) => number): Figure => {
    const ratios = measured.map(({ on, off }) => of(on) / of(off));
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
    const range = `${least.toFixed(2)} to ${most.toFixed(2)}`;
    return { what, must: '', aim: '', measured: `${median(ratios).toFixed(2)} × (${range})`, ruler };
  };
  return [
    ratio(
      'server CPU per delivery while it is profiled, ingest included',
      ({ usPerDelivery }) => usPerDelivery,
    ),
    ratio('delivery latency p99 while the server is profiled', ({ p99Us }) => p99Us),
  ];
}
