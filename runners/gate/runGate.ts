import { nowUs } from '../../contract/clock.ts';
import type { Settings } from '../../contract/config.ts';
import type { GateBlock } from '../../contract/gate.ts';
import type { Family, Run, RunResult } from '../../contract/result.ts';
import { runOnTarget } from '../launch/runOnTarget.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { type RunIo, resultOf } from '../run.ts';
import { readHostFacts } from '../samplers/hostFacts.ts';
import { waitForQuietHost } from '../samplers/waitSettled.ts';
import type { GateTurn } from './blockOrder.ts';
import { gateRunMs, RUNS_OF_BLOCK } from './cost.ts';
import type { Repository } from './git.ts';
import { type MeasuredBlocks, measureBlocks, type SideFault } from './measureBlocks.ts';
import { prepareSide, type ReadySide } from './prepareSides.ts';
import type { LiveSide, Side } from './sides.ts';
import { createWorktrees, removeStaleWorktrees, type Worktrees } from './worktrees.ts';

/** What one gate measures. */
export interface GateOrder {
  readonly settings: Settings;
  readonly base: Side;
  readonly head: Side;
  readonly blocks: number;
  readonly maxTimeMs: number;
  /** In words, for what is told. */
  readonly maxTimeText: string;
  /** Families of figures that decide. */
  readonly families: readonly Family[];
  /** null: no side is a ref. */
  readonly repository: Repository | null;
  /** How the system under test failed in a run; null where it did not. */
  readonly faultOf: (run: Run) => string | null;
}

/** What was measured, or had been. */
export interface GateMeasured {
  /** `stored`: at least one side was measured before. */
  readonly mode: 'blocks' | 'stored';
  /** All runs of each side. */
  readonly results: Readonly<Record<GateTurn, RunResult>>;
  /** Those that are judged: of whole blocks, in their order. */
  readonly judged: Readonly<Record<GateTurn, readonly Run[]>>;
  readonly blocks: readonly GateBlock[];
  readonly abortReason: string | null;
  readonly fault: SideFault | null;
}

/**
 * Between two runs on one host: the kernel puts away what the last one held. Sockets in TIME_WAIT stay for a minute, whatever is waited
 * for here, and both sides leave as many.
 */
const QUIET = { looks: 1, intervalMs: 100, timeoutMs: 1_000, timeWait: Number.POSITIVE_INFINITY } as const;

/**
 * Checks out, builds and measures both sides in turns, in fresh processes; what was measured before is taken as it is.
 * No checkout is left, however it ends.
 * @throws BenchError where a side cannot be built or started: before anything is measured
 */
export async function runGate(order: GateOrder, io: RunIo): Promise<GateMeasured> {
  const { base, head, repository } = order;
  if (base.kind === 'result' && head.kind === 'result') return stored(base.result, head.result);
  const deadlineUs = nowUs() + order.maxTimeMs * 1_000;
  await initHistograms();
  await tidy(repository, io);
  const isRef = base.kind === 'ref' || head.kind === 'ref';
  const worktrees = isRef && repository !== null ? await createWorktrees(repository) : null;
  try {
    const ready = await prepareAll(order, worktrees, io);
    return await measureAll(order, ready, deadlineUs, io);
  } finally {
    await worktrees?.remove();
  }
}

function stored(base: RunResult, head: RunResult): GateMeasured {
  return {
    mode: 'stored',
    results: { base, head },
    judged: { base: base.runs, head: head.runs },
    blocks: [],
    abortReason: null,
    fault: null,
  };
}

async function tidy(repository: Repository | null, io: RunIo): Promise<void> {
  if (repository === null) return;
  for (const path of await removeStaleWorktrees(repository))
    io.progress({ kind: 'note', text: `Removed ${path}, left by a gate that was killed.` });
}

async function prepareAll(
  { settings, base, head }: GateOrder,
  worktrees: Worktrees | null,
  io: RunIo,
): Promise<ReadonlyMap<GateTurn, ReadySide>> {
  const built = new Set<string>();
  const ready = new Map<GateTurn, ReadySide>();
  for (const [turn, side] of [['base', base] as const, ['head', head] as const]) {
    if (side.kind === 'result') continue;
    ready.set(turn, await prepareSide({ turn, side, settings, worktrees, built, io }));
  }
  return ready;
}

async function measureAll(
  order: GateOrder,
  ready: ReadonlyMap<GateTurn, ReadySide>,
  deadlineUs: number,
  io: RunIo,
): Promise<GateMeasured> {
  const only = ready.size === 2 ? null : (ready.keys().next().value ?? null);
  const runsOfBlock = only === null ? RUNS_OF_BLOCK : RUNS_OF_BLOCK / 2;
  const host = readHostFacts();
  const plan = {
    blocks: order.blocks,
    seed: order.settings.seed,
    families: order.families,
    only,
    expectedBlockMs: runsOfBlock * gateRunMs(order.settings.scenario),
    deadlineUs,
    deadlineText: order.maxTimeText,
  };
  const measured = await measureBlocks(plan, {
    progress: io.progress,
    signal: io.signal,
    faultOf: order.faultOf,
    async run(turn, seed, number) {
      const side = ready.get(turn);
      if (side === undefined) throw new Error(`${turn} was measured before`);
      if (number > 0) await quietHost(io);
      return runOnTarget({ ...side.settings, seed }, side.io, number, order.blocks * runsOfBlock);
    },
  });
  const resultOfSide = (turn: GateTurn, side: Side): RunResult =>
    side.kind === 'result' ? side.result : liveResult(turn, side, measured);
  const liveResult = (turn: GateTurn, side: LiveSide, { runs, partial, abortReason }: MeasuredBlocks) =>
    resultOf(labelled(order.settings, turn, side), {
      host,
      command: io.command,
      runs: [...runs[turn], ...partial[turn]],
      isComplete: abortReason === null,
    });
  const results = { base: resultOfSide('base', order.base), head: resultOfSide('head', order.head) };
  const judgedOf = (turn: GateTurn, side: Side) =>
    side.kind === 'result' ? side.result.runs : measured.runs[turn];
  return {
    mode: only === null ? 'blocks' : 'stored',
    results,
    judged: { base: judgedOf('base', order.base), head: judgedOf('head', order.head) },
    blocks: only === null ? measured.blocks : [],
    abortReason: measured.abortReason,
    fault: measured.fault,
  };
}

/** So that a result says by itself what it was measured of. */
function labelled(settings: Settings, turn: GateTurn, { named, commit }: LiveSide): Settings {
  const labels = { ...settings.labels, gate: turn, measured: named, ...(commit === null ? {} : { commit }) };
  return { ...settings, labels };
}

async function quietHost(io: RunIo): Promise<void> {
  try {
    await waitForQuietHost(QUIET, io.signal);
  } catch (error) {
    // The run that follows ends at once; anything else is a fault.
    if (!io.signal.aborted) throw error;
  }
}
