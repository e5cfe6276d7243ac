import type { RunResult } from '../../contract/result.ts';
import type { Threshold } from '../../contract/threshold.ts';

const COMPARATORS: readonly unknown[] = [
  '<',
  '<=',
  '==',
  '!=',
  '>=',
  '>',
] satisfies Threshold['comparator'][];

/** The thresholds that a result was made with; none in one of before there were any. */
export function thresholdsOf({ config }: Pick<RunResult, 'config'>): readonly Threshold[] {
  const { thresholds } = config;
  return Array.isArray(thresholds) ? thresholds.filter(isThreshold) : [];
}

function isThreshold(value: unknown): value is Threshold {
  if (typeof value !== 'object' || value === null) return false;
  if (!('text' in value && 'path' in value && 'comparator' in value && 'bound' in value)) return false;
  const { text, path, comparator, bound } = value;
  const isText = typeof text === 'string' && typeof path === 'string';
  return isText && COMPARATORS.includes(comparator) && typeof bound === 'number';
}
