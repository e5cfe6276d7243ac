import type { Fault } from '../../contract/errors.ts';
import { METRICS } from '../../contract/metrics.ts';
import { gateMetric } from '../../reports/gate/gateMetrics.ts';
import type { Given } from '../given.ts';
import { nearest } from '../nearest.ts';
import { decimal } from '../parse/decimal.ts';
import type { Parser } from '../parse/parsed.ts';
import { scaledOf } from '../parse/scaled.ts';

/** Change for the worse that is accepted, by path: a share of the base or a count, by the metric's scale; null: told only. */
export type Tolerances = ReadonlyMap<string, number | null>;

const OFF = 'off';
const COUNT = decimal({ min: 0, max: 1e12 });
const MOST_SHARE = 10;

/** Adds the tolerance of one path, or the fault. */
export function readTolerance(
  path: string,
  one: Given,
  tolerances: Map<string, number | null>,
  faults: Fault[],
): void {
  const metric = gateMetric(path);
  if (metric === null) {
    faults.push({ key: one.key, value: path, expected: unknownPath(path) });
    return;
  }
  if (one.value === OFF) {
    tolerances.set(path, null);
    return;
  }
  const parsed = (metric.scale === 'share' ? share : amount)(one.value);
  if (parsed.ok) tolerances.set(path, parsed.value);
  else faults.push({ ...one, expected: `${path}: ${parsed.expected}` });
}

/** Adds those of `path=value,path=value`. */
export function readToleranceList(one: Given, tolerances: Map<string, number | null>, faults: Fault[]): void {
  const entries = String(one.value).split(',');
  for (const entry of entries.map((text) => text.trim())) {
    const at = entry.indexOf('=');
    const path = entry.slice(0, at).trim();
    if (at <= 0) {
      const expected = 'path=value, such as latencyUs.delivery.p99=5% or deliveries.lost=0';
      faults.push({ key: one.key, value: entry, expected });
    } else readTolerance(path, { key: one.key, value: entry.slice(at + 1).trim() }, tolerances, faults);
  }
}

/** `5%`: a bare number would be taken for a share by some and for per cent by others. */
const share: Parser<number> = (input) => {
  const value = typeof input === 'string' ? scaledOf(input, { '%': 0.01 }) : null;
  return value !== null && value <= MOST_SHARE
    ? { ok: true, value }
    : { ok: false, expected: `a share of the base with its sign, such as 5% or 0.5%, or ${OFF}` };
};

const amount: Parser<number> = (input) => {
  const parsed = COUNT(input);
  return parsed.ok ? parsed : { ok: false, expected: `a count per run, such as 0 or 10, or ${OFF}` };
};

function unknownPath(path: string): string {
  const gated = METRICS.flatMap((metric) => (gateMetric(metric.path) === null ? [] : [metric.path]));
  if (METRICS.some((metric) => metric.path === path))
    return 'a path that is better higher or lower; this one only tells';
  return `a path of \`bench list metrics\`${nearest(path, gated)}`;
}
