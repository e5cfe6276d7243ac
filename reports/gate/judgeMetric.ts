import type { GateMetric, GateResult } from '../../contract/gate.ts';
import { formatCount, significant } from '../numbers.ts';
import { PERCENTILES } from '../percentiles.ts';
import { messagesNeeded } from '../statistics/support.ts';
import { type ComparedSides, compareSides } from './compareSides.ts';
import { isBeyond } from './differences.ts';
import type { GateVocabulary } from './gateMetrics.ts';
import { fewMessages, type Reading } from './reading.ts';
import { type Held, heldAgainst, smallestVisible, verdictOn } from './tolerance.ts';
import type { Sides } from './usableRuns.ts';
import { changeWithInterval, notMeasured, size, tooFew, undefinedRuns, withoutShare } from './words.ts';

type Mode = GateResult['mode'];

/** What is asked of one metric. */
export interface MetricQuestion {
  readonly metric: GateVocabulary;
  /** Change for the worse that is accepted; null: it is told only. */
  readonly tolerance: number | null;
  /** Named by the user: then what was not measured leaves the gate open. */
  readonly isAsked: boolean;
}

type Judged = Pick<GateMetric, 'role' | 'verdict' | 'why' | 'tolerance' | 'smallestVisible'>;
const TOLD = { role: 'info', verdict: null, tolerance: null, smallestVisible: null } as const;

/** One row of a gate. */
export function judgeMetric(mode: Mode, sides: Sides, question: MetricQuestion): GateMetric {
  const { metric } = question;
  const compared = compareSides(mode, sides, metric);
  const { path, label, unit, better, scale } = metric;
  const figures = {
    path,
    label,
    unit,
    better,
    scale,
    ...sidesOf(compared, metric),
    ...changeOf(compared, metric),
  };
  return { ...figures, ...judged(mode, sides, question, compared, figures) };
}

function sidesOf({ base, head, used, differences }: ComparedSides, metric: GateVocabulary) {
  const values = (readings: readonly Reading[]) =>
    readings.map((one) => (typeof one === 'number' ? one : null));
  return {
    base: values(base),
    head: values(head),
    baseMedian: medianOf(used.base, metric),
    headMedian: medianOf(used.head, metric),
    differences: [...differences],
  };
}

/** null where there is none, or it is one that no number stands for. */
function medianOf(readings: readonly Reading[], { better }: GateVocabulary): number | null {
  const worst = better === 'lower' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const sorted = readings
    .flatMap((one) => (one === null ? [] : [one === 'undefined' ? worst : one]))
    .sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return Number.isFinite(median) ? median : null;
}

function changeOf({ shift }: ComparedSides, metric: GateVocabulary) {
  if (shift === null) return { effect: null, low: null, high: null, confidence: null };
  const told = (value: number) => {
    if (isBeyond(value, metric)) return null;
    return metric.scale === 'share' ? Math.expm1(value) : value;
  };
  return {
    effect: told(shift.at),
    low: told(shift.low),
    high: told(shift.high),
    confidence: shift.confidence,
  };
}

type Figures = Pick<GateMetric, 'scale' | 'effect' | 'low' | 'high'>;

function judged(
  mode: Mode,
  sides: Sides,
  question: MetricQuestion,
  compared: ComparedSides,
  figures: Figures,
): Judged {
  const { metric, tolerance, isAsked } = question;
  const { shift } = compared;
  const isOnBoth = [compared.base, compared.head].every((readings) => readings.some((one) => one !== null));
  const isNowhere = [...compared.base, ...compared.head].every((one) => one === null);
  const notes = `${undefinedRuns(compared)}${withoutShare(compared, metric)}`;
  const few = unsupported(sides, metric);
  if (tolerance === null)
    return { ...TOLD, why: `${informs(mode, compared, metric, figures)}${notes}${few ?? ''}` };
  const open = (why: string): Judged => ({ ...OPEN, tolerance, why });
  if (isNowhere && !isAsked)
    return { ...TOLD, why: `It does not decide here. ${notMeasured(metric.path, compared)}` };
  if (!isOnBoth) return open(notMeasured(metric.path, compared));
  if (few !== null && !isAsked) return { ...TOLD, why: `It does not decide here.${few}${notes}` };
  if (shift === null) return open(`${tooFew(mode, compared)}${notes}${few ?? ''}`);
  const held = heldAgainst(shift, tolerance, metric);
  const rule = ruled(mode, compared, metric, tolerance, held, figures);
  const isWide = isBeyond(held.high - held.low, metric);
  return {
    role: 'gate',
    tolerance,
    verdict: few === null ? rule.verdict : 'INCONCLUSIVE',
    why: `${rule.why}${notes}${few ?? ''}`,
    smallestVisible: isWide ? null : smallestVisible(held, metric),
  };
}

const OPEN = { role: 'gate', verdict: 'INCONCLUSIVE', smallestVisible: null } as const;

function informs(mode: Mode, compared: ComparedSides, metric: GateVocabulary, figures: Figures): string {
  if (compared.shift === null) return tooFew(mode, compared);
  const { low, high } = compared.shift;
  if (low === 0 && high === 0) return 'Information: no change.';
  const isApart = low > 0 || high < 0;
  const isBetter = high < 0 === (metric.better === 'lower');
  const told = isApart ? `${isBetter ? 'better' : 'worse'} beyond chance` : 'no change shows';
  return `Information: ${changeWithInterval(figures)}, ${told}.`;
}

/** A percentile that lies beyond what so few messages can show; null where they support it. */
function unsupported({ base, head }: Sides, { path, label }: GateVocabulary): string | null {
  const fewest = fewMessages([...base, ...head], path);
  const percentile = PERCENTILES.find(({ key }) => path.endsWith(`.${key}`));
  if (fewest === null || !percentile) return null;
  return ` Too few independent messages for ${label}: it needs ${formatCount(messagesNeeded(percentile.quantile))} in each run, there were ${formatCount(fewest)}; a longer --duration or a higher --rate gives more.`;
}

type Ruled = Required<Pick<GateMetric, 'why'>> & { readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' };

function ruled(
  mode: Mode,
  compared: ComparedSides,
  metric: GateVocabulary,
  tolerance: number,
  held: Held,
  figures: Figures,
): Ruled {
  const verdict = verdictOn(held);
  const accepted = `the tolerance of ${size(tolerance, metric)}${metric.better === 'higher' ? ' less' : ''}${metric.scale === 'count' ? ' per run' : ''}`;
  const change = changeWithInterval(figures);
  if (verdict === 'FAIL') return { verdict, why: `${change}: the whole interval is worse than ${accepted}.` };
  if (verdict === 'PASS') {
    const more = rareEvents(compared, metric, tolerance);
    if (more !== null) return { verdict: 'INCONCLUSIVE', why: more };
    return { verdict, why: `${change}: the whole interval is inside ${accepted}.` };
  }
  const more = mode === 'blocks' ? 'more blocks' : 'more runs on each side';
  return {
    verdict,
    why: `${change}: the interval holds ${accepted}; ${more}, longer runs or a quieter machine make it narrower.`,
  };
}

/** Events in so few blocks that no interval shows them are not shown to be chance either. */
function rareEvents({ used }: ComparedSides, metric: GateVocabulary, tolerance: number): string | null {
  if (metric.scale !== 'count') return null;
  const sum = (readings: readonly Reading[]) =>
    readings.reduce<number>((total, one) => total + (typeof one === 'number' ? one : 0), 0);
  const [base, head] = [sum(used.base), sum(used.head)];
  const more = head / used.head.length - base / used.base.length;
  if ((metric.better === 'lower' ? more : -more) <= tolerance) return null;
  return `${formatCount(base)} in all runs of base, ${formatCount(head)} in those of head, ${significant(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} per run: too rare for an interval to tell from chance; a threshold such as '${metric.path} == ${significant(tolerance)}' fails on any.`;
}
