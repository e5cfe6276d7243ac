import type { GateConfig } from '../../contract/config.ts';
import type { Fault } from '../../contract/errors.ts';
import { LEAST_BLOCKS, MOST_BLOCKS, MOST_TIME_MS } from '../../runners/gate/cost.ts';
import { objectOf, refuseUnknown } from '../configShapes.ts';
import { choice } from '../parse/choice.ts';
import { count } from '../parse/count.ts';
import { duration } from '../parse/duration.ts';
import type { Parser } from '../parse/parsed.ts';
import { readTolerance, type Tolerances } from './tolerance.ts';

/** `config.gate`, checked; null where it does not say. */
export interface CheckedGate {
  readonly tolerances: Tolerances;
  readonly blocks: number | null;
  readonly maxTimeMs: number | null;
  readonly onInconclusive: 'warn' | 'fail' | null;
}

export const BLOCKS = count({ min: LEAST_BLOCKS, max: MOST_BLOCKS });
export const MAX_TIME = duration({ min: 1_000, max: MOST_TIME_MS });
export const ON_INCONCLUSIVE = choice(['warn', 'fail']);

const KEYS: readonly (keyof GateConfig)[] = ['tolerances', 'blocks', 'maxTime', 'onInconclusive'];

/** Reads `config.gate`; every fault is added under its key. */
export function readGateConfig(value: unknown, faults: Fault[]): CheckedGate {
  const gate = objectOf(value, 'config.gate', faults);
  refuseUnknown(gate, KEYS, 'config.gate', faults);
  const tolerances = new Map<string, number | null>();
  const given = objectOf(gate.tolerances, 'config.gate.tolerances', faults);
  for (const [path, one] of Object.entries(given))
    readTolerance(path, { key: 'config.gate.tolerances', value: one }, tolerances, faults);
  return {
    tolerances,
    blocks: readOrNull('blocks', gate.blocks, BLOCKS, faults),
    maxTimeMs: readOrNull('maxTime', gate.maxTime, MAX_TIME, faults),
    onInconclusive: readOrNull('onInconclusive', gate.onInconclusive, ON_INCONCLUSIVE, faults),
  };
}

function readOrNull<T>(key: keyof GateConfig, value: unknown, parse: Parser<T>, faults: Fault[]): T | null {
  if (value === undefined) return null;
  const parsed = parse(value);
  if (parsed.ok) return parsed.value;
  faults.push({ key: `config.gate.${key}`, value, expected: parsed.expected });
  return null;
}
