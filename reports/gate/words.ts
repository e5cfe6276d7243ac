import type { GateMetric, GateResult } from '../../contract/gate.ts';
import { formatCount, significant } from '../numbers.ts';
import { PERCENTILES } from '../percentiles.ts';
import { messagesNeeded } from '../statistics/support.ts';
import type { ComparedSides } from './compareSides.ts';
import type { GateVocabulary } from './gateMetrics.ts';
import type { Reading } from './reading.ts';

type Scaled = Pick<GateMetric, 'scale'>;
type Mode = GateResult['mode'];

/** `8 blocks`, `5 runs`. */
function countOf(mode: Mode, count: number): string {
  const one = mode === 'blocks' ? 'block' : 'run';
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** Why there is no interval: fewer blocks than one can be made of. */
export function tooFew(mode: Mode, { count, of }: Pick<ComparedSides, 'count' | 'of'>): string {
  const needed = mode === 'blocks' ? 6 : 4;
  const least = `an interval of 95 % needs ${countOf(mode, needed)}${mode === 'stored' ? ' on each side' : ''}`;
  if (count === of)
    return `${countOf(mode, of)}${mode === 'stored' ? ' on a side' : ''} ${of === 1 ? 'was' : 'were'} measured, and ${least}.`;
  return `Only ${formatCount(count)} of ${countOf(mode, of)} could be used, and ${least}: in the others the generator or the host was the limit, or a run has no such figure.`;
}

/** Runs of either side without a number, which rank as the worst there are; '' where there are none. */
export function undefinedRuns({ used }: ComparedSides): string {
  const count = (readings: readonly unknown[]) => readings.filter((one) => one === 'undefined').length;
  const [base, head] = [count(used.base), count(used.head)];
  if (base + head === 0) return '';
  return ` It is not defined in ${formatCount(base)} of ${formatCount(used.base.length)} runs of base and in ${formatCount(head)} of ${formatCount(used.head.length)} of head: that ranks as worse than any number.`;
}

/** Runs of either side at 0 or below, of which no share can be taken; '' where there are none, or counts are compared. */
export function withoutShare({ used }: ComparedSides, { scale }: Scaled): string {
  const count = [...used.base, ...used.head].filter((one) => typeof one === 'number' && one <= 0).length;
  if (count === 0 || scale === 'count') return '';
  return ` It is 0 or less in ${formatCount(count)} of ${formatCount(used.base.length + used.head.length)} runs, of which no share can be taken: those rank as less than any number.`;
}

/** What is 0 in every run of both sides was rather not seen than not there; null where that is not so, or counts are compared. */
export function nothingSeen(
  { used }: ComparedSides,
  { path, scale }: Pick<GateVocabulary, 'path' | 'scale'>,
): string | null {
  const readings = [...used.base, ...used.head];
  if (scale === 'count' || readings.length === 0 || readings.some((one) => one !== 0)) return null;
  const why = path.startsWith('io.') ? ': the system counts reads and writes, and not `send` and `recv`' : '';
  return `It is 0 in all runs of both sides, so it was probably not seen${why}.`;
}

/**
 * A percentile that lies beyond what so few messages can show.
 * @param fewest in a run; null: enough
 */
export function tooFewMessages(fewest: number | null, { path, label }: GateVocabulary): string | null {
  const percentile = PERCENTILES.find(({ key }) => path.endsWith(`.${key}`));
  if (fewest === null || !percentile) return null;
  const needed = formatCount(messagesNeeded(percentile.quantile));
  return ` Too few independent messages for ${label}: it needs ${needed} in each run, there were ${formatCount(fewest)}; a longer --duration or a higher --rate gives more.`;
}

/** Events in so few blocks that no interval shows them are not shown to be chance either; null where head has no more than it may. */
export function rareEvents(
  { used }: ComparedSides,
  metric: GateVocabulary,
  tolerance: number,
): string | null {
  if (metric.scale !== 'count') return null;
  const [base, head] = [sumOf(used.base), sumOf(used.head)];
  const more = head / used.head.length - base / used.base.length;
  if ((metric.better === 'lower' ? more : -more) <= tolerance) return null;
  const change = `${significant(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} per run`;
  return `${formatCount(base)} in all runs of base, ${formatCount(head)} in those of head, ${change}: too rare for an interval to tell from chance; a threshold such as '${metric.path} == ${significant(tolerance)}' fails on any.`;
}

function sumOf(readings: readonly Reading[]): number {
  return readings.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
}

const PROCESSES = 'the processes of the server must be known';
const MESSAGES =
  'messages must be published: a scenario with a rate, and of a server of your own its publish address';
/** What a figure needs to be measured, by the first pattern that its path matches. */
const SETTINGS: readonly (readonly [RegExp, string])[] = [
  [/PerConnectionBytes$/, `a slope is taken over levels (--memory-levels 4), and ${PROCESSES}`],
  [/^memory\./, PROCESSES],
  [/^(cpu|io)\./, `${PROCESSES}, and ${MESSAGES}`],
  [/^(latencyUs|deliveries|wire|publish)\./, MESSAGES],
  [/^(loop|gc|handles)\./, 'it is only seen inside a reference server'],
  [/^ceiling\./, 'it is searched by --scenario ceiling'],
  [/^fault\./, 'a scenario with a fault takes it, such as --scenario failover'],
];

/** Why a metric has no figure on one side or both, and what would give it one. */
export function notMeasured(path: string, { base, head }: Pick<ComparedSides, 'base' | 'head'>): string {
  const has = (readings: readonly unknown[]) => readings.some((one) => one !== null);
  if (base.length === 0 && head.length === 0) return 'Not measured: no block came to its end.';
  const hint = SETTINGS.find(([pattern]) => pattern.test(path))?.[1];
  const needs = hint ? `: ${hint}` : '';
  if (!has(base) && !has(head)) return `Not measured on either side${needs}.`;
  return `Measured on ${has(base) ? 'base' : 'head'} only, so there is nothing to hold it against${needs}.`;
}
