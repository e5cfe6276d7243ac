import type { GateMetric, GateResult } from '../../contract/gate.ts';
import { type ComparedSides, compareSides } from './compareSides.ts';
import { isBeyond } from './differences.ts';
import type { GateVocabulary } from './gateMetrics.ts';
import { changeText, toleranceText } from './output/gateFigures.ts';
import { fewMessages } from './reading.ts';
import { type RowFigures, rowFigures } from './rowFigures.ts';
import { type Held, heldAgainst, smallestVisible, verdictOn } from './tolerance.ts';
import { isUsable, type Sides } from './usableRuns.ts';
import {
  nothingSeen,
  notMeasured,
  rareEvents,
  tooFew,
  tooFewMessages,
  undefinedRuns,
  withoutShare,
} from './words.ts';

type Mode = GateResult['mode'];

/** What is asked of one metric. */
export interface MetricQuestion {
  readonly metric: GateVocabulary;
  /** Change for the worse that is accepted; null: it is told only. */
  readonly tolerance: number | null;
  /** Named by the user: then what was not measured leaves the gate open. */
  readonly isAsked: boolean;
}

/** A metric of both sides, and what there is to say of it beside a verdict. */
interface Case {
  readonly mode: Mode;
  readonly metric: GateVocabulary;
  readonly compared: ComparedSides;
  readonly figures: RowFigures;
  /** Begins with a space, where there is any. */
  readonly notes: string;
  /** Of a percentile without enough messages; null: there are enough, or it is none. */
  readonly few: string | null;
}

type Judged = Omit<GateMetric, keyof RowFigures>;

/** One row of a gate. */
export function judgeMetric(mode: Mode, sides: Sides, question: MetricQuestion): GateMetric {
  const { metric, tolerance } = question;
  const compared = compareSides(mode, sides, metric);
  const runs = [...sides.base, ...sides.head].filter((run) => isUsable(run, metric.family));
  const figures = rowFigures(compared, metric);
  const notes = `${undefinedRuns(compared)}${withoutShare(compared, metric)}`;
  const few = tooFewMessages(fewMessages(runs, metric.path), metric);
  const one: Case = { mode, metric, compared, figures, notes, few };
  return {
    ...figures,
    ...(tolerance === null ? told(informs(one)) : decided(one, tolerance, question.isAsked)),
  };
}

function told(why: string): Judged {
  return { role: 'info', verdict: null, tolerance: null, smallestVisible: null, why };
}

function informs({ mode, metric, compared, figures, notes, few }: Case): string {
  const { shift } = compared;
  const rest = `${notes}${few ?? ''}`;
  if (shift === null) return `${tooFew(mode, compared)}${rest}`;
  if (shift.low === 0 && shift.high === 0) return `Information: no change.${rest}`;
  const isApart = shift.low > 0 || shift.high < 0;
  const isBetter = shift.high < 0 === (metric.better === 'lower');
  const found = isApart ? `${isBetter ? 'better' : 'worse'} beyond chance` : 'no change shows';
  return `Information: ${changeText(figures)}, ${found}.${rest}`;
}

/** What a server that delivers cannot do without. */
const NEVER_NONE = /^(cpu|io|memory|wire)\./;

/** What decides by default and cannot here only informs; what was asked for, or one side has, leaves the gate open. */
function decided(one: Case, tolerance: number, isAsked: boolean): Judged {
  const { mode, metric, compared, notes, few } = one;
  const { base, head, shift } = compared;
  const [hasBase, hasHead] = [base, head].map((readings) => readings.some((reading) => reading !== null));
  const open = (why: string): Judged => ({
    role: 'gate',
    verdict: 'INCONCLUSIVE',
    tolerance,
    smallestVisible: null,
    why,
  });
  if (!hasBase || !hasHead) {
    const why = notMeasured(metric.path, compared);
    return hasBase || hasHead || isAsked ? open(why) : told(`It does not decide here. ${why}`);
  }
  if (few !== null && !isAsked) return told(`It does not decide here.${few}${notes}`);
  const never = nothingSeen(compared, metric);
  if (never !== null && !isAsked) return told(`It does not decide here. ${never}`);
  if (never !== null && NEVER_NONE.test(metric.path)) return open(never);
  if (shift === null) return open(`${tooFew(mode, compared)}${notes}${few ?? ''}`);
  const ruling = ruled(one, heldAgainst(shift, tolerance, metric), tolerance);
  return {
    ...ruling,
    verdict: few === null ? ruling.verdict : 'INCONCLUSIVE',
    why: `${ruling.why}${notes}${few ?? ''}`,
  };
}

/** By the interval, and of events too rare for it by their number. */
function ruled({ mode, metric, compared, figures }: Case, held: Held, tolerance: number): Judged {
  const verdict = verdictOn(held);
  const isOpenEnded = [held.low, held.high].some((end) => isBeyond(end, metric));
  const row = {
    role: 'gate',
    tolerance,
    smallestVisible: isOpenEnded ? null : smallestVisible(held, metric),
  } as const;
  const rare = verdict === 'PASS' ? rareEvents(compared, metric, tolerance) : null;
  if (rare !== null) return { ...row, verdict: 'INCONCLUSIVE', why: rare };
  const less = metric.better === 'higher' ? ' less' : '';
  const perRun = metric.scale === 'count' ? ' per run' : '';
  const accepted = `the tolerance of ${toleranceText({ scale: metric.scale, tolerance })}${less}${perRun}`;
  const more = mode === 'blocks' ? 'more blocks' : 'more runs on each side';
  const because = {
    FAIL: `the whole interval is worse than ${accepted}`,
    PASS: `the whole interval is inside ${accepted}`,
    INCONCLUSIVE: `the interval holds ${accepted}; ${more}, longer runs or a quieter machine make it narrower`,
  };
  return { ...row, verdict, why: `${changeText(figures)}: ${because[verdict]}.` };
}
