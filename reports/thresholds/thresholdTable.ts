import type { RunResult } from '../../contract/result.ts';
import { formatMetric } from '../formatMetric.ts';
import { NOT_DEFINED, NOT_MEASURED } from '../numbers.ts';
import { type JudgedThreshold, judgedThresholds } from './judgeThresholds.ts';
import { thresholdsOf } from './thresholdsOf.ts';

/** One threshold as a reader sees it. */
export interface ThresholdRow {
  readonly passed: boolean;
  /** As it was given. */
  readonly text: string;
  /** The figure that decided, or why there is none; with the run that it is of, where there are several. */
  readonly figure: string;
  /** How far it can be trusted; '' where nothing stands against it. */
  readonly trust: string;
}

/** The thresholds of one or several results. */
export interface ThresholdTable {
  /** `2 of 3 thresholds hold`. */
  readonly title: string;
  readonly rows: readonly ThresholdRow[];
}

/**
 * What came of the thresholds that results were made with; null where none had any.
 * @param sources results, with the names that tell several apart
 */
export function thresholdTable(
  sources: readonly { readonly name: string; readonly result: RunResult }[],
): ThresholdTable | null {
  const rows = sources.flatMap(({ name, result }) =>
    judgedThresholds(thresholdsOf(result), result.runs).map((judged) => rowOf(judged, name)),
  );
  if (rows.length === 0) return null;
  const held = rows.filter(({ passed }) => passed).length;
  const noun = rows.length === 1 ? 'threshold' : 'thresholds';
  return { title: `${held} of ${rows.length} ${noun} ${held === 1 ? 'holds' : 'hold'}`, rows };
}

function rowOf(judged: JudgedThreshold, name: string): ThresholdRow {
  const { threshold, passed, of, family, verdict } = judged;
  const owner = [of, name && `(${name})`].filter(Boolean).join(' ');
  return {
    passed,
    text: threshold.text,
    figure: [figureOf(judged), owner].filter(Boolean).join(', '),
    trust: {
      VALID: '',
      SUSPECT: `${family} SUSPECT`,
      INVALID: `${family} INVALID: the figure does not describe the server, and decides nothing`,
    }[verdict],
  };
}

function figureOf({ worst, unit, threshold }: JudgedThreshold): string {
  switch (worst.kind) {
    case 'number':
      return distinct(worst.value, threshold.bound, unit);
    case 'undefined':
      return `${NOT_DEFINED}: ${lostShare(threshold.path)}`;
    case 'unmeasured':
      return NOT_MEASURED;
    default:
      return worst satisfies never;
  }
}

/** Rounded, unless it would then read like the bound that it is beside: 50.02 ms is not below 50 ms. */
function distinct(value: number, bound: number, unit: string): string {
  const text = formatMetric(value, unit);
  const isSaidAlike = value !== bound && text === formatMetric(bound, unit);
  return isSaidAlike ? `${value} ${unit}` : text;
}

function lostShare(path: string): string {
  const digits = /\.p(\d+)$/.exec(path)?.[1];
  if (digits === undefined) return 'some were lost';
  const percent = 100 * (1 - Number(`0.${digits}`));
  return `more than ${Number(percent.toPrecision(3))} % lost`;
}
