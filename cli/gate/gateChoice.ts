import type { Fault } from '../../contract/errors.ts';
import { DEFAULT_TOLERANCES } from '../../reports/gate/gateMetrics.ts';
import type { Flags } from '../given.ts';
import type { Parser } from '../parse/parsed.ts';
import { BLOCKS, type CheckedGate, MAX_TIME, ON_INCONCLUSIVE } from './readGateConfig.ts';
import { readToleranceList } from './tolerance.ts';

const DEFAULT_BLOCKS = 8;
const DEFAULT_MAX_TIME_MS = 900_000;

/** What one gate is asked for, after config and flags are merged. */
export interface GateChoice {
  /** As it was named. */
  readonly base: string;
  /** null: the folder of the config file. */
  readonly head: string | null;
  readonly blocks: number;
  readonly maxTimeMs: number;
  readonly tolerances: GateTolerances;
  readonly failsInconclusive: boolean;
  readonly allowDirty: boolean;
  readonly allowDifferent: boolean;
}

/** What decides, and what of it the user named. */
export interface GateTolerances {
  readonly byPath: ReadonlyMap<string, number>;
  readonly asked: ReadonlySet<string>;
}

/** Reads the options of the gate alone; what is not given is as in the config file, or as by default. */
export function readGateChoice(flags: Flags, config: CheckedGate, faults: Fault[]): GateChoice {
  const named = flags.onInconclusive;
  const onInconclusive = readOr(
    '--on-inconclusive',
    named,
    ON_INCONCLUSIVE,
    config.onInconclusive ?? 'warn',
    faults,
  );
  if (flags.strict === true && named === 'warn') {
    faults.push({ key: '--strict', value: undefined, expected: 'not together with --on-inconclusive warn' });
  }
  return {
    base: readSideName('--base', flags.base, faults) ?? missingBase(faults),
    head: readSideName('--head', flags.head, faults),
    blocks: readOr('--blocks', flags.blocks, BLOCKS, config.blocks ?? DEFAULT_BLOCKS, faults),
    maxTimeMs: readOr('--max-time', flags.maxTime, MAX_TIME, config.maxTimeMs ?? DEFAULT_MAX_TIME_MS, faults),
    tolerances: readTolerances(flags, config, faults),
    failsInconclusive: flags.strict === true || onInconclusive === 'fail',
    allowDirty: flags.allowDirty === true,
    allowDifferent: flags.allowDifferent === true,
  };
}

function readSideName(key: string, value: unknown, faults: Fault[]): string | null {
  if (value === undefined) return null;
  const name = String(value).trim();
  // Such as from a variable of a script that is not set.
  if (name === '') faults.push({ key, value, expected: 'a git ref, a folder, or a result' });
  return name;
}

function missingBase(faults: Fault[]): string {
  const expected = 'what head is held against, such as --base origin/main';
  faults.push({ key: '--base', value: undefined, expected });
  return '';
}

/** A flag wins over the config file, that over what decides by default; `off` takes one away. */
function readTolerances(flags: Flags, config: CheckedGate, faults: Fault[]): GateTolerances {
  const given = new Map(config.tolerances);
  const lists: readonly unknown[] = Array.isArray(flags.tolerance) ? flags.tolerance : [];
  for (const value of lists) readToleranceList({ key: '--tolerance', value }, given, faults);
  const byPath = new Map(DEFAULT_TOLERANCES);
  const asked = new Set<string>();
  for (const [path, tolerance] of given) {
    if (tolerance === null) byPath.delete(path);
    else {
      byPath.set(path, tolerance);
      asked.add(path);
    }
  }
  if (byPath.size === 0) {
    const expected = 'one path at least that decides; all are off';
    faults.push({ key: '--tolerance', value: undefined, expected });
  }
  return { byPath, asked };
}

function readOr<T>(key: string, value: unknown, parse: Parser<T>, fallback: T, faults: Fault[]): T {
  if (value === undefined) return fallback;
  const parsed = parse(value);
  if (parsed.ok) return parsed.value;
  faults.push({ key, value, expected: parsed.expected });
  return fallback;
}
