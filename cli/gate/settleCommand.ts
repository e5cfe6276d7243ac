import type { GateMetric } from '../../contract/gate.ts';
import { MOST_BLOCKS, RUNS_OF_BLOCK } from '../../runners/gate/cost.ts';

/** An interval narrows with the root of the blocks; a little is added, since one that just touches settles nothing. */
const MARGIN = 1.3;
/** More blocks than this take longer than longer runs that scatter less. */
const MANY_BLOCKS = 40;
/** Building, and blocks that are made again, as a factor. */
const SPARE = 1.5;
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** What a settling command is made from. */
export interface Settling {
  readonly metrics: readonly GateMetric[];
  readonly blocks: number;
  /** Length of the window, milliseconds; null: it is not one number, as of a load shape. */
  readonly durationMs: number | null;
  /** Of a block, as measured. */
  readonly blockMs: number;
  readonly maxTimeMs: number;
  /** As it may stand in a result. */
  readonly command: readonly string[];
}

/**
 * The command that would settle what is INCONCLUSIVE: more blocks from the widths that were seen, and a window twice as long where
 * those would be too many. null where nothing is to be settled, or more measuring is not what is missing.
 */
export function settleCommand(settling: Settling): string | null {
  const { metrics, blocks, durationMs, blockMs, maxTimeMs, command } = settling;
  const open = metrics.filter(({ role, verdict }) => role === 'gate' && verdict === 'INCONCLUSIVE');
  const needs = open.flatMap((metric) => blocksNeeded(metric, blocks) ?? []);
  if (needs.length === 0) return null;
  const needed = Math.max(blocks + 2, ...needs);
  const isTooMany = needed > MANY_BLOCKS && durationMs !== null;
  // Scatter of a run falls with the root of its length, at best.
  const wanted = Math.min(isTooMany ? Math.max(blocks, Math.ceil(needed / 2)) : needed, MOST_BLOCKS);
  const words = withFlag(command, '--blocks', String(wanted));
  const longer = isTooMany ? withFlag(words, '--duration', `${2 * durationMs}ms`) : words;
  const takesMs = wanted * (blockMs + (isTooMany ? RUNS_OF_BLOCK * durationMs : 0)) * SPARE;
  const minutes = `${Math.ceil(takesMs / 60_000)}m`;
  const allowed = takesMs > maxTimeMs ? withFlag(longer, '--max-time', minutes) : longer;
  // Its folder holds an outcome already.
  return ['npx', ...without(allowed, '--out')].map(quoted).join(' ');
}

/** Blocks at which the interval would lie on one side of the tolerance, if nothing else changed; null: not known. */
function blocksNeeded(
  { scale, better, tolerance, effect, low, high }: GateMetric,
  blocks: number,
): number | null {
  if (tolerance === null || effect === null || low === null || high === null) return null;
  const at = (value: number): number => (scale === 'share' ? Math.log1p(value) : value);
  const bound = at(better === 'lower' ? tolerance : -tolerance);
  if (!Number.isFinite(bound)) return null;
  const half = (at(high) - at(low)) / 2;
  const distance = Math.abs(at(effect) - bound);
  const least = half / Math.sqrt(MOST_BLOCKS / blocks);
  // Closer to the bound than could ever be told apart: as near as blocks get.
  return Math.ceil(blocks * (half / Math.max(distance, least)) ** 2 * MARGIN);
}

/** The command with this value for a flag, whether or not it was there, in either form. */
function withFlag(command: readonly string[], flag: string, value: string): string[] {
  return [...without(command, flag), flag, value];
}

function without(command: readonly string[], flag: string): string[] {
  return command.filter(
    (word, i) => !word.startsWith(`${flag}=`) && word !== flag && command[i - 1] !== flag,
  );
}

/** As a shell needs it. */
function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
