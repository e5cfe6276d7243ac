import { studentQuantile } from './normal.ts';
import type { Point } from './theilSen.ts';

/** `y = factor * x^exponent`, with the 95 % interval of the exponent. */
export interface PowerLaw {
  readonly exponent: number;
  readonly low: number;
  readonly high: number;
  readonly factor: number;
}

/** Two-sided 95 % quantiles of Student's t by degrees of freedom from 1; beyond the table the series is exact enough. */
const T_95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * Least squares of log y on log x: a power law is a line there, and its slope the exponent. The interval is the
 * slope's own, by Student's t with n - 2 degrees of freedom
 * (Draper and Smith, Applied Regression Analysis, 3rd edition, section 1.4): a few points give a wide one.
 *
 * @returns null for fewer than three distinct positive x with a positive y: two points fit every law.
 */
export function fitPowerLaw(points: readonly Point[]): PowerLaw | null {
  const logs = points
    .filter(({ x, y }) => x > 0 && y > 0)
    .map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  if (new Set(logs.map(({ x }) => x)).size < 3) return null;
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  const sxx = sum(logs.map(({ x }) => (x - meanX) ** 2));
  const exponent = sum(logs.map(({ x, y }) => (x - meanX) * (y - meanY))) / sxx;
  const intercept = meanY - exponent * meanX;
  const freedom = logs.length - 2;
  const residuals = sum(logs.map(({ x, y }) => (y - intercept - exponent * x) ** 2));
  const margin =
    (T_95[freedom - 1] ?? studentQuantile(0.025, freedom)) * Math.sqrt(residuals / freedom / sxx);
  return { exponent, low: exponent - margin, high: exponent + margin, factor: Math.exp(intercept) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
