import { METRICS, type Metric } from '../../contract/metrics.ts';
import type { Comparator, Threshold } from '../../contract/threshold.ts';
import { nearest } from '../nearest.ts';
import type { Parsed } from './parsed.ts';
import { scaledOf } from './scaled.ts';

const COMPARATORS = ['<=', '>=', '==', '!=', '<', '>'] as const satisfies readonly Comparator[];
const FORM = /^\s*([^\s<>=!]+)\s*([<>=!]+)\s*(.*?)\s*$/s;
const SHAPE = "PATH OP BOUND, such as 'latencyUs.delivery.p99 < 50ms' or 'deliveries.lost == 0'";

/** What a bound of one unit may be written in, by factor to that unit, and how that is said. */
interface Kind {
  readonly units: Readonly<Record<string, number>>;
  readonly expected: string;
}

const SECOND_US = 1_000_000;
const KIB = 1_024;
const COUNTED = { '': 1, k: 1_000, m: 1_000_000 };
const SIZES = {
  b: 1,
  k: KIB,
  kb: KIB,
  kib: KIB,
  m: KIB ** 2,
  mb: KIB ** 2,
  mib: KIB ** 2,
  gb: KIB ** 3,
  gib: KIB ** 3,
};

/** Times in microseconds, or in milliseconds where the path is in those. */
function times(unitUs: number, name: string): Kind {
  const us = { us: 1, µs: 1, ms: 1_000, s: SECOND_US, m: 60 * SECOND_US, min: 60 * SECOND_US };
  const units = Object.fromEntries(Object.entries(us).map(([unit, factor]) => [unit, factor / unitUs]));
  return { units: { ...units, '': 1 }, expected: `a time such as 50ms or 2s; a plain number is ${name}` };
}

function rates(name: string): Kind {
  return {
    units: { ...COUNTED, '/s': 1, 'k/s': 1_000, 'm/s': 1_000_000 },
    expected: `a rate such as 400, 20k or 20k/s, in ${name}`,
  };
}

const COUNTS: Kind = { units: COUNTED, expected: 'a plain number such as 0, 500 or 20k' };
const SHARES: Kind = { units: { '': 1, '%': 0.01 }, expected: 'a share such as 5% or 0.05' };

/** By the unit of a path. A unit that is not here is a plain number. */
const KINDS: Readonly<Record<string, Kind>> = {
  us: times(1, 'microseconds'),
  ms: times(1_000, 'milliseconds'),
  bytes: {
    units: { ...SIZES, '': 1 },
    expected: 'a size such as 6KiB (KB = KiB = 1,024 bytes); a plain number is bytes',
  },
  'bytes/s': {
    units: {
      '': 1,
      ...SIZES,
      ...Object.fromEntries(Object.entries(SIZES).map(([unit, factor]) => [`${unit}/s`, factor])),
    },
    expected: 'bytes per second such as 1KB or 1KB/s',
  },
  fraction: SHARES,
  ratio: { ...SHARES, expected: 'a number such as 0.05, or a share such as 5%' },
  '1/s': rates('events per second'),
  'publishes/s': rates('publishes per second'),
  'deliveries/s': rates('deliveries per second'),
};

/**
 * Reads a threshold and checks it against the paths of a result; the bound comes out in the unit of its path.
 * @param input text of the form PATH OP BOUND
 */
export function parseThreshold(input: unknown): Parsed<Threshold> {
  const match = typeof input === 'string' ? FORM.exec(input) : null;
  if (typeof input !== 'string' || match === null) return { ok: false, expected: SHAPE };
  const [, path, operator, written] = match;
  const comparator = COMPARATORS.find((one) => one === operator);
  const metric = METRICS.find((one) => one.path === path);
  const faults = [
    metric === undefined ? unknownPath(path) : null,
    comparator === undefined ? `${operator} is no comparison; one of ${COMPARATORS.join(' ')}` : null,
  ].filter((fault) => fault !== null);
  const bound = metric === undefined ? null : boundOf(metric, written);
  if (metric !== undefined && bound === null) faults.push(`the bound of ${path} is ${expectedOf(metric)}`);
  if (comparator === undefined || metric === undefined || bound === null)
    return { ok: false, expected: faults.join('; ') };
  return { ok: true, value: { text: input.trim(), path, comparator, bound } };
}

function unknownPath(path: string): string {
  const known = METRICS.map((metric) => metric.path);
  return `no such path ${path}; \`bench list metrics\` shows them${nearest(path, known)}`;
}

function kindOf({ unit }: Metric): Kind {
  return Object.hasOwn(KINDS, unit) ? KINDS[unit] : COUNTS;
}

function boundOf(metric: Metric, text: string): number | null {
  return scaledOf(text, kindOf(metric).units);
}

function expectedOf(metric: Metric): string {
  return kindOf(metric).expected;
}
