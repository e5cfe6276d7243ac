import type { Sweep } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { type GivenOptions, given } from './given.ts';
import { WORKLOAD_OPTIONS } from './options.ts';
import type { Parsed } from './parse/parsed.ts';

/** Words of `--sweep`, and the numbers of the workload that they stand for. */
const KEYS = {
  rate: 'ratePerSecond',
  connections: 'connections',
  flow: 'flowMessages',
  slow: 'slowShare',
  streams: 'streamsPerConnection',
} as const satisfies Readonly<Record<string, Sweep['key']>>;
/** Each value is a run, or several: more than this is a mistake. */
const MOST_VALUES = 20;
const FORM = 'rate=1k..100k, connections=1k,10k,100k, flow=1024..8192, slow=0,0.05 or streams=1,100';

/** Reads `--sweep`; null where none is given. */
export function readSweep(options: GivenOptions, faults: Fault[]): Sweep | null {
  const one = given(options, 'sweep');
  if (one === undefined) return null;
  const parsed = parseSweep(String(one.value));
  if (!parsed.ok) {
    faults.push({ ...one, expected: parsed.expected });
    return null;
  }
  return parsed.value;
}

/**
 * `rate=1k..100k`, `connections=1k,10k,100k`, or both forms in one list. A range takes its ends and the numbers
 * 1, 2 and 5 of each power of ten between them: nearly even steps on a logarithmic scale, in round numbers; a range of
 * flow limits takes what doubles from its lower end.
 */
export function parseSweep(text: string): Parsed<Sweep> {
  const [word, list, ...rest] = text.split('=');
  if (!isWord(word) || list === undefined || rest.length > 0) return { ok: false, expected: FORM };
  const key = KEYS[word];
  const values = new Set<number>();
  for (const part of list.split(',')) {
    const read = readPart(key, part.trim());
    if (!read.ok) return read;
    for (const value of read.value) values.add(value);
  }
  if (values.size < 2) return { ok: false, expected: `two values at least, such as ${FORM}` };
  if (values.size > MOST_VALUES) {
    return { ok: false, expected: `at most ${MOST_VALUES} values; these are ${values.size}` };
  }
  return { ok: true, value: { key, values: [...values].sort((a, b) => a - b) } };
}

function isWord(word: string): word is keyof typeof KEYS {
  return Object.hasOwn(KEYS, word);
}

function readPart(key: Sweep['key'], part: string): Parsed<readonly number[]> {
  const ends: number[] = [];
  for (const end of part.split('..')) {
    const parsed = WORKLOAD_OPTIONS[key].parse(end);
    if (!parsed.ok) return { ok: false, expected: `${FORM}; each value ${parsed.expected}` };
    if (parsed.value === 0 && key !== 'slowShare') return { ok: false, expected: 'values above 0' };
    ends.push(parsed.value);
  }
  if (ends.length === 1) return { ok: true, value: ends };
  const [low, high] = ends;
  if (ends.length > 2 || low >= high) {
    return { ok: false, expected: 'a range from a lower to a higher value, such as 1k..100k' };
  }
  if (low === 0) return { ok: false, expected: 'a list where a value is 0, such as slow=0,0.05' };
  const between = key === 'flowMessages' ? doublings(low, high) : roundNumbers(low, high);
  return { ok: true, value: [low, ...between, high] };
}

/** Twice, four times … the lower of two numbers, strictly below the higher. */
function doublings(low: number, high: number): number[] {
  const numbers: number[] = [];
  for (let value = 2 * low; value < high; value *= 2) numbers.push(value);
  return numbers;
}

/** The numbers 1, 2 and 5 times a power of ten, strictly between two others. */
function roundNumbers(low: number, high: number): number[] {
  const numbers: number[] = [];
  const first = Math.floor(Math.log10(low));
  for (let power = first; power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) {
      // Divided where the power is negative: 2 * 10 ** -1 is 0.2, and 5 * 10 ** -3 is not 0.005.
      const value = power < 0 ? digit / 10 ** -power : digit * 10 ** power;
      if (value > low && value < high) numbers.push(value);
    }
  }
  return numbers;
}
