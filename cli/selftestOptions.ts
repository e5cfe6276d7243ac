import { type Fault, UsageError } from '../contract/errors.ts';
import type { SelftestCase } from '../runners/selftest/selftestCase.ts';
import type { Flags } from './given.ts';
import { nearest } from './nearest.ts';
import { count } from './parse/count.ts';

/** What `bench selftest` was asked for. */
export interface SelftestChoice {
  readonly cases: readonly SelftestCase[];
  readonly quick: boolean;
  /** Runs of the same build against itself, instead of the cases; null: the cases. */
  readonly runs: number | null;
  readonly seed: number;
  /** Folder as given; null: one of its own. */
  readonly out: string | null;
  readonly json: boolean;
}

const RUNS = count({ min: 2, max: 100 });
const SEED = count({ min: 0, max: 4_294_967_295 });
const HINT = 'bench selftest --help shows every option, `bench list selftest` the cases.';

/**
 * Reads the flags of `bench selftest`.
 * @param unknown faults of the command line itself, reported with all others
 * @throws UsageError with all faults at once
 */
export function selftestChoice(
  flags: Flags,
  all: readonly SelftestCase[],
  unknown: readonly Fault[],
): SelftestChoice {
  const faults = [...unknown];
  const runs = number('--aa', flags.aa, RUNS, faults);
  const seed = number('--seed', flags.seed, SEED, faults) ?? 1;
  if (flags.aa !== undefined && flags.only !== undefined) {
    const expected = 'not together with --aa, which runs no cases';
    faults.push({ key: '--only', value: flags.only, expected });
  }
  const cases = chosenCases(flags.only, all, faults);
  if (faults.length > 0) throw new UsageError(faults, HINT);
  const out = flags.out === undefined ? null : String(flags.out);
  return { cases, quick: flags.quick === true, runs, seed, out, json: flags.json === true };
}

function number(key: string, value: unknown, parse: typeof RUNS, faults: Fault[]): number | null {
  if (value === undefined) return null;
  const parsed = parse(value);
  if (parsed.ok) return parsed.value;
  faults.push({ key, value, expected: parsed.expected });
  return null;
}

/** In the order of the table, whatever the order in which they were named. */
function chosenCases(only: unknown, all: readonly SelftestCase[], faults: Fault[]): readonly SelftestCase[] {
  if (only === undefined) return all;
  const names = all.map(({ name }) => name);
  const asked = String(only)
    .split(',')
    .map((name) => name.trim());
  for (const name of asked) {
    if (names.includes(name)) continue;
    faults.push({
      key: '--only',
      value: name,
      expected: `one or more of ${names.join(', ')}${nearest(name, names)}`,
    });
  }
  return all.filter(({ name }) => asked.includes(name));
}
