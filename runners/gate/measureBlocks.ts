import { type Clock, nowUs } from '../../contract/clock.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { GateBlock } from '../../contract/gate.ts';
import type { ProgressListener } from '../../contract/progress.ts';
import type { Family, Run } from '../../contract/result.ts';
import { familyVerdict } from '../../reports/verdicts.ts';
import { Interrupted } from '../session/interrupted.ts';
import { type BlockOrder, blockOrders, type GateTurn, turnsOf } from './blockOrder.ts';
import { minutesText } from './cost.ts';

/** What is to be measured, and until when. */
export interface BlockPlan {
  readonly blocks: number;
  /** Of the order within blocks; each block has a seed of its own, the same for its runs. */
  readonly seed: number;
  /** Those of what decides: where one is INVALID, a block is made again. */
  readonly families: readonly Family[];
  /** null: both sides in turns; else the other side was measured before. */
  readonly only: GateTurn | null;
  /** Before anything is known better, milliseconds. */
  readonly expectedBlockMs: number;
  /** Monotonic clock, microseconds: no block begins that would end later. */
  readonly deadlineUs: number;
  /** In words, for the reason. */
  readonly deadlineText: string;
}

/** What the blocks are carried out with. */
export interface BlockHooks {
  /** One run of one side; `order` counts the runs of both sides from 0. */
  run(turn: GateTurn, seed: number, order: number): Promise<Run>;
  /** How the system under test failed in a run; null where it did not. */
  faultOf(run: Run): string | null;
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** A server that ended, refused everybody or delivered nothing. */
export interface SideFault {
  readonly turn: GateTurn;
  readonly why: string;
  readonly hint: string;
}

export interface MeasuredBlocks {
  readonly blocks: readonly GateBlock[];
  /** Of whole blocks alone, in their order: two of each block. */
  readonly runs: Readonly<Record<GateTurn, readonly Run[]>>;
  /** Of a block that was not completed. */
  readonly partial: Readonly<Record<GateTurn, readonly Run[]>>;
  /** Why there are fewer than were asked for; null: there are as many. */
  readonly abortReason: string | null;
  readonly fault: SideFault | null;
}

/** Of the blocks asked for, the share that may be made again where the generator or the host was the limit. */
const MOST_AGAIN = 0.5;

/** Carries out blocks until there are enough, time is over, a server fails, or the user has seen enough. */
export async function measureBlocks(plan: BlockPlan, hooks: BlockHooks): Promise<MeasuredBlocks> {
  const clock = hooks.clock ?? nowUs;
  const most = plan.blocks + Math.ceil(plan.blocks * MOST_AGAIN);
  const orders = blockOrders(plan.seed, most);
  const blocks: GateBlock[] = [];
  const runs = none();
  const ended = (end: BlockEnd, partial = none()): MeasuredBlocks => ({ blocks, runs, partial, ...end });
  let good = 0;
  for (let made = 0; good < plan.blocks && made < most; made++) {
    if (hooks.signal.aborted) return ended(INTERRUPTED);
    const blockMs = meanMs(blocks) ?? plan.expectedBlockMs;
    if (clock() + blockMs * 1_000 > plan.deadlineUs) return ended(overTime(made, plan));
    const order = plan.only === null ? orders[made] : null;
    tellBlock(made, order, blockMs, plan, hooks);
    const startUs = clock();
    const block = await measureBlock(made, order, plan, hooks);
    if (block.end !== null && made > 0) return ended(block.end, block.runs);
    if (block.end !== null) return ended(await blamed(block.end, block.runs, plan, hooks), block.runs);
    runs.base.push(...block.runs.base);
    runs.head.push(...block.runs.head);
    blocks.push({ order: order ?? '', seconds: (clock() - startUs) / 1e6 });
    if (isUndisturbed(block.runs, plan)) good++;
  }
  return ended({ abortReason: null, fault: null });
}

/** Why there are no more blocks. */
type BlockEnd = Pick<MeasuredBlocks, 'abortReason' | 'fault'>;

const INTERRUPTED: BlockEnd = { abortReason: 'interrupted', fault: null };

function overTime(made: number, { blocks, deadlineText }: BlockPlan): BlockEnd {
  // What was asked for is there; only what would have stood for a disturbed block is not.
  if (made >= blocks) return { abortReason: null, fault: null };
  const abortReason = `--max-time ${deadlineText} was reached after ${made} of ${blocks} blocks`;
  return { abortReason, fault: null };
}

interface OneBlock {
  readonly runs: Record<GateTurn, Run[]>;
  /** null: it was completed. */
  readonly end: BlockEnd | null;
}

async function measureBlock(
  block: number,
  order: BlockOrder | null,
  plan: BlockPlan,
  hooks: BlockHooks,
): Promise<OneBlock> {
  const turns = turnsOfBlock(order, plan);
  const runs = none();
  for (const [i, turn] of turns.entries()) {
    const { run, fault } = await oneRun(turn, plan.seed + block, block * turns.length + i, hooks);
    if (run !== null) runs[turn].push(run);
    if (hooks.signal.aborted) return { runs, end: INTERRUPTED };
    const where = `${turn} in block ${block + 1}`;
    if (fault !== null)
      return { runs, end: { abortReason: `${where} failed: ${firstLine(fault.why)}`, fault } };
    if (run?.status === 'aborted') {
      const why = run.abortReason ?? 'it did not complete';
      return { runs, end: { abortReason: `a run of ${where}: ${why}`, fault: null } };
    }
  }
  return { runs, end: null };
}

/**
 * Whose fault the end is. Where head failed before base ever ran, base is tried as well: only what carries the load itself
 * shows that head should.
 */
async function blamed(
  end: BlockEnd,
  runs: OneBlock['runs'],
  { seed, only }: BlockPlan,
  hooks: BlockHooks,
): Promise<BlockEnd> {
  if (end.fault?.turn !== 'head' || only !== null || runs.base.length > 0) return end;
  const { run, fault } = await oneRun('base', seed, runs.head.length, hooks);
  if (run !== null) runs.base.push(run);
  if (hooks.signal.aborted) return INTERRUPTED;
  if (fault === null) return end;
  return { abortReason: `base in block 1 failed: ${firstLine(fault.why)}`, fault };
}

function turnsOfBlock(order: BlockOrder | null, { only }: BlockPlan): readonly GateTurn[] {
  if (order !== null) return turnsOf(order);
  return only === null ? [] : [only, only];
}

interface OneRun {
  /** null: its server did not even start, or the user interrupted it. */
  readonly run: Run | null;
  readonly fault: SideFault | null;
}

async function oneRun(turn: GateTurn, seed: number, order: number, hooks: BlockHooks): Promise<OneRun> {
  try {
    const run = await hooks.run(turn, seed, order);
    const why = hooks.faultOf(run);
    const hint = `What it said is in the folder ${turn} of the outcome, in its log of that run.`;
    return { run, fault: why === null ? null : { turn, why, hint } };
  } catch (error) {
    if (error instanceof Interrupted) return { run: null, fault: null };
    if (!(error instanceof BenchError) || error.exitCode !== EXIT.systemUnderTest) throw error;
    return { run: null, fault: { turn, why: error.message, hint: error.hint } };
  }
}

/** What a server said before it ended stands on lines of its own. */
export function firstLine(text: string): string {
  return text.split('\n')[0];
}

function none(): Record<GateTurn, Run[]> {
  return { base: [], head: [] };
}

function meanMs(blocks: readonly GateBlock[]): number | null {
  if (blocks.length === 0) return null;
  return (blocks.reduce((sum, { seconds }) => sum + seconds, 0) * 1_000) / blocks.length;
}

/** Where the generator or the host was the limit of a run, its block tells nothing of the servers. */
function isUndisturbed({ base, head }: OneBlock['runs'], { families }: BlockPlan): boolean {
  return families.every((family) => familyVerdict(family, [...base, ...head]).verdict !== 'INVALID');
}

function tellBlock(
  made: number,
  order: BlockOrder | null,
  blockMs: number,
  { blocks, only }: BlockPlan,
  { progress }: BlockHooks,
): void {
  const what = order ?? `${only} twice`;
  const left = Math.max(1, blocks - made);
  const place =
    made < blocks ? `Block ${made + 1} of ${blocks}` : `Block ${made + 1}, in place of a disturbed one`;
  progress({ kind: 'note', text: `${place}, ${what}, about ${minutesText(left * blockMs)} left` });
}
