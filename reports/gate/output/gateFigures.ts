import type { GateMetric, GateResult, GateSide, GateVerdict } from '../../../contract/gate.ts';
import { formatMetric } from '../../formatMetric.ts';
import { formatShare, NOT_DEFINED, significant, UNIT_GAP } from '../../numbers.ts';
import { isBeyond } from '../differences.ts';
import { sparkline } from './sparkline.ts';

/** Beside the word, so that a verdict is never told by colour alone. */
export const MARKS: Readonly<Record<GateVerdict, string>> = { PASS: '✓', FAIL: '✗', INCONCLUSIVE: '?' };

/** How the bars of `blockBars` are read. */
export const BARS_NOTE =
  'Bars: one for each block in the order of time, ▄ is no change, ▅▆▇█ is more than base and ▃▂▁ less; █ is the largest change of that row, or its tolerance where that is larger.';

/** A figure in the unit of its path: `12.4 µs`. */
export function figureText(value: number | null, unit: string): string {
  return value === null ? NOT_DEFINED : formatMetric(value, unit);
}

/** The median of a side's runs; a dash where nothing is known, since no run can say anything. */
export function medianText(metric: GateMetric, side: 'base' | 'head'): string {
  const median = side === 'base' ? metric.baseMedian : metric.headMedian;
  // A change that was estimated without a median is that of a percentile that was lost.
  return median === null && metric.confidence === null ? '–' : figureText(median, metric.unit);
}

type Scaled = Pick<GateMetric, 'scale'>;

/** A change on the scale of its metric, with its sign: `+21 %`, `−0.3 %`, `+4`. */
export function changeOf({ scale }: Scaled, change: number): string {
  if (!Number.isFinite(change)) return change > 0 ? 'more by no number' : 'less by no number';
  const text = scale === 'share' ? formatShare(rounded(change)) : significant(change);
  return change > 0 ? `+${text}` : text;
}

/** Change with its interval: `+21 % (+19.2 to +23 %)`; a dash where neither is known. */
export function changeText(metric: Pick<GateMetric, 'scale' | 'effect' | 'low' | 'high'>): string {
  const { effect, low, high } = metric;
  const told = effect === null ? '–' : changeOf(metric, effect);
  if (low === null && high === null) return told;
  if (high === null) return `${told} (above ${changeOf(metric, low ?? 0)})`;
  if (low === null) return `${told} (below ${changeOf(metric, high)})`;
  // The unit once is enough.
  return `${told} (${changeOf(metric, low).replace(PERCENT, '')} to ${changeOf(metric, high)})`;
}

/** To a thousandth of a percent: further digits are noise on every machine. */
function rounded(share: number): number {
  return Math.round(share * 1e5) / 1e5;
}

const PERCENT = `${UNIT_GAP}%`;

/** What is accepted for the worse: `5 %`, or of a count `0`; empty for what is told only. */
export function toleranceText(metric: Pick<GateMetric, 'scale' | 'tolerance'>): string {
  if (metric.tolerance === null) return '';
  return metric.scale === 'share' ? formatShare(metric.tolerance) : significant(metric.tolerance);
}

/** The smallest change for the worse that would have failed; empty where it is not known. */
export function smallestText({ scale, smallestVisible }: GateMetric): string {
  if (smallestVisible === null) return '';
  return scale === 'share' ? formatShare(smallestVisible) : significant(smallestVisible);
}

/** The headline's first sentence, for large type, and what follows it; empty where it is one sentence. */
export function headlineParts({ headline }: GateResult): { readonly lead: string; readonly rest: string } {
  const end = headline.indexOf('. ');
  return end < 0
    ? { lead: headline, rest: '' }
    : { lead: headline.slice(0, end + 1), rest: headline.slice(end + 2) };
}

/** `✗ FAIL`; a dash for an information that was not judged. */
export function verdictText(verdict: GateVerdict | null): string {
  return verdict === null ? '–' : `${MARKS[verdict]} ${verdict}`;
}

/** The changes of the blocks on the metric's scale: a logarithm of ratios becomes a share, what no number stands for infinite. */
export function blockChanges(metric: GateMetric): number[] {
  return metric.differences.map((difference) => {
    if (isBeyond(difference, metric)) return Math.sign(difference) * Number.POSITIVE_INFINITY;
    return metric.scale === 'share' ? Math.expm1(difference) : difference;
  });
}

/** The blocks' changes as bars; empty where there were no blocks. */
export function blockBars(metric: GateMetric): string {
  const changes = blockChanges(metric);
  const furthest = Math.max(metric.tolerance ?? 0, ...changes.filter(Number.isFinite).map(Math.abs));
  return sparkline(changes, furthest > 0 ? furthest : 1);
}

export const gating = ({ metrics }: GateResult): GateMetric[] =>
  metrics.filter(({ role }) => role === 'gate');
export const informing = ({ metrics }: GateResult): GateMetric[] =>
  metrics.filter(({ role }) => role === 'info');

/** `main (0123456789ab, with local changes)`. */
export function sideText({ named, commit, dirty, kind }: GateSide): string {
  const short = commit?.slice(0, 12) ?? null;
  const told = [
    // A ref that is a commit need not be told twice.
    ...(short === null || named.startsWith(short) ? [] : [`commit ${short}`]),
    ...(dirty ? ['with local changes'] : []),
    ...(kind === 'result' ? ['stored result'] : []),
  ];
  return told.length === 0 ? named : `${named} (${told.join(', ')})`;
}

/** `6 blocks`; where fewer were made than asked for, `4 of 6 blocks`. Disturbed ones are made again, so there may be more. */
export function blocksText({ blocks, blocksAsked }: GateResult): string {
  return blocks.length < blocksAsked
    ? `${blocks.length} of ${blocksAsked} blocks`
    : `${blocks.length} blocks`;
}

/** Why there are fewer blocks than were asked for; empty where there are as many. */
export function endedLines({ abortReason }: Pick<GateResult, 'abortReason'>): string[] {
  return abortReason === null ? [] : [`Ended early: ${abortReason.replace(/\.$/, '')}.`];
}

/** More than these are told by their number where there is little room. */
const MOST_EXCLUDED = 3;

/** Runs that were left out, a line for each; of many one line for all, since gate.json and the page have each. */
export function excludedLines({ excluded }: GateResult): string[] {
  if (excluded.length <= MOST_EXCLUDED) {
    return excluded.map(
      ({ run, families, why }) => `left out: ${run} (${families.join(', ')}), because ${why}`,
    );
  }
  const families = [...new Set(excluded.flatMap((one) => one.families))];
  const counts = families.map(
    (family) => `of ${family} ${excluded.filter((one) => one.families.includes(family)).length}`,
  );
  return [
    `left out, because the generator or the host was the limit: ${counts.join(', ')} runs; gate.json names each and says why`,
  ];
}

/** Time of all blocks, seconds. */
export function secondsOf({ blocks }: GateResult): number {
  return blocks.reduce((sum, { seconds }) => sum + seconds, 0);
}
