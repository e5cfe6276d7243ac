import type { GateMetric } from '../../contract/gate.ts';
import { heldAgainst, verdictOn } from '../../reports/gate/tolerance.ts';
import { durationText, MOST_BLOCKS, MOST_TIME_MS, RUNS_OF_BLOCK } from '../../runners/gate/cost.ts';

/** An interval narrows with the root of the blocks; a little is added, since one that just touches settles nothing. */
const MARGIN = 1.3;
/** Windows are lengthened by these: starting and connecting take as long for a short one. */
const WINDOWS = [1, 2, 4, 8] as const;
const LEAST_WITH_LONGER = 12;
const LONGEST_WINDOW_MS = 60_000;
/** Building, and blocks that are made again, as a factor. */
const SPARE = 1.5;
/** Measured while the fleet connects: no window changes them. */
const BEFORE_THE_WINDOW = /^(connections|handshakeUs)\.|PerConnection(Bytes)?$/;
/** A tilde stands for a folder at the beginning of a word alone, as it does not in `HEAD~1`. */
const PLAIN_WORD = /^[\w@%+=:,./-][\w@%+=:,./~-]*$/;

/** What a settling command is made from. */
export interface Settling {
  readonly metrics: readonly GateMetric[];
  /** As asked for. */
  readonly blocks: number;
  /** Time was over before all of them were made. */
  readonly isCutShort: boolean;
  /** Length of the window, milliseconds; null: it is not one number, as of a load shape. */
  readonly durationMs: number | null;
  /** Of a block, as measured. */
  readonly blockMs: number;
  readonly maxTimeMs: number;
  /** What the window has to be multiplied with for each open percentile to have the messages that it needs; 1: they have. */
  readonly leastTimes: number;
  /** As it may stand in a result. */
  readonly command: readonly string[];
}

/**
 * The command that would settle what is INCONCLUSIVE: more blocks by the widths that were seen, or longer windows where that takes less
 * time. null where nothing is to be settled, more measuring is not what is missing, or all that a gate can take would not do.
 */
export function settleCommand(settling: Settling): string | null {
  const { metrics, blocks, durationMs, maxTimeMs, leastTimes, command } = settling;
  const open = metrics.filter(({ role, verdict }) => role === 'gate' && verdict === 'INCONCLUSIVE');
  const needs = open.flatMap((metric) => needOf(metric, settling) ?? []);
  if (leastTimes > 1) needs.push({ blocks, isOfWindow: false });
  const way = needs.length === 0 ? null : cheapest(needs, settling);
  if (way === null) return null;
  const { wanted, times, takesMs } = way;
  if (wanted > MOST_BLOCKS || takesMs > MOST_TIME_MS) return null;
  const flags = [
    ...(wanted === blocks ? [] : [['--blocks', String(wanted)]]),
    ...(times === 1 || durationMs === null ? [] : [['--duration', durationText(times * durationMs)]]),
    ...(takesMs > maxTimeMs ? [['--max-time', durationText(Math.ceil(takesMs / 60_000) * 60_000)]] : []),
  ];
  // The folder of `--out` holds an outcome already.
  const words = flags.reduce((before, [flag]) => without(before, flag), without(command, '--out'));
  return ['npx', ...words, ...flags.flat()].map(quoted).join(' ');
}

/** What one metric needs. */
interface Need {
  readonly blocks: number;
  /** Whether a longer window does as well: scatter of a run falls with the root of its length, at best. */
  readonly isOfWindow: boolean;
}

/** null: what it lacks is not more of the same. */
function needOf(metric: GateMetric, { blocks, isCutShort }: Settling): Need | null {
  const isOfWindow = !BEFORE_THE_WINDOW.test(metric.path);
  const { scale, tolerance, effect, low, high, confidence, differences } = metric;
  if (confidence === null) return isCutShort && differences.length > 0 ? { blocks, isOfWindow: false } : null;
  if (tolerance === null || effect === null || low === null || high === null) return null;
  const at = (value: number): number => (scale === 'share' ? Math.log1p(value) : value);
  const held = heldAgainst({ at: at(effect), low: at(low), high: at(high), confidence }, tolerance, metric);
  // Left open for another reason, such as events that are too rare or messages that are too few.
  if (verdictOn(held) !== 'INCONCLUSIVE') return null;
  const half = (held.high - held.low) / 2;
  const distance = Math.abs(held.at - held.bound);
  // On the tolerance itself nothing settles it: then this is infinite.
  const needed = Math.ceil(differences.length * (half / distance) ** 2 * MARGIN);
  return { blocks: Math.max(blocks + 2, needed), isOfWindow };
}

/** A way to measure more. */
interface Way {
  readonly wanted: number;
  /** The window is as many times as long. */
  readonly times: number;
  readonly takesMs: number;
}

/** Of more blocks and longer windows, what takes the least time; null: no window has enough messages. */
function cheapest(needs: readonly Need[], { blocks, durationMs, blockMs, leastTimes }: Settling): Way | null {
  const fixed = Math.max(blocks, ...needs.map((need) => (need.isOfWindow ? 0 : need.blocks)));
  const ofWindow = Math.max(0, ...needs.map((need) => (need.isOfWindow ? need.blocks : 0)));
  const windowMs = durationMs ?? Number.POSITIVE_INFINITY;
  const windows = WINDOWS.filter(
    (times) => times >= leastTimes && (times === 1 || times * windowMs <= LONGEST_WINDOW_MS),
  );
  if (windows.length === 0) return null;
  const ways = windows.map((times) => {
    // Scatter from run to run, whatever their length, falls with blocks alone.
    const least = times === 1 ? fixed : Math.max(LEAST_WITH_LONGER, fixed);
    const wanted = Math.max(least, Math.ceil(ofWindow / times));
    const moreMs = times === 1 ? 0 : RUNS_OF_BLOCK * (times - 1) * windowMs;
    return { wanted, times, takesMs: wanted * (blockMs + moreMs) * SPARE };
  });
  const possible = ways.filter(({ wanted }) => wanted <= MOST_BLOCKS);
  return (possible.length > 0 ? possible : ways).reduce((best, way) =>
    way.takesMs < best.takesMs ? way : best,
  );
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
