import type { GateResult } from '../../contract/gate.ts';
import { blockDifference, scaled } from './differences.ts';
import type { GateVocabulary } from './gateMetrics.ts';
import { type Shift, shiftOfDifferences, shiftOfSamples } from './hodgesLehmann.ts';
import { type Reading, readingOf } from './reading.ts';
import { isUsable, type Sides } from './usableRuns.ts';

/** One metric of both sides, as far as its runs can be used. */
export interface ComparedSides {
  /** Of each run, used or not. */
  readonly base: readonly Reading[];
  readonly head: readonly Reading[];
  /** Of those used. */
  readonly used: { readonly base: readonly Reading[]; readonly head: readonly Reading[] };
  /** Of the blocks used; empty where sides were not measured in blocks. */
  readonly differences: readonly number[];
  /** Blocks, or runs of the side that has fewer: used, and in all. */
  readonly count: number;
  readonly of: number;
  /** Head against base; null: too few to tell. */
  readonly shift: Shift | null;
}

/** Reads one metric of all runs and tells how far head lies from base. */
export function compareSides(mode: GateResult['mode'], sides: Sides, metric: GateVocabulary): ComparedSides {
  const read = (runs: Sides['base']) => runs.map((run) => readingOf(run, metric.path));
  const [base, head] = [read(sides.base), read(sides.head)];
  const usable = (runs: Sides['base'], readings: readonly Reading[]) =>
    readings.map((reading, i) => (isUsable(runs[i], metric.family) ? reading : null));
  const a = usable(sides.base, base);
  const b = usable(sides.head, head);
  const told = mode === 'blocks' ? ofBlocks(a, b, metric) : ofSamples(a, b, metric);
  return { base, head, ...told };
}

type Told = Omit<ComparedSides, 'base' | 'head'>;

/** A block lacks its balance without any one of its four runs, so it leaves as a whole. */
function ofBlocks(base: readonly Reading[], head: readonly Reading[], metric: GateVocabulary): Told {
  const of = Math.floor(Math.min(base.length, head.length) / 2);
  const blocks = Array.from({ length: of }, (_, i) => ({
    base: base.slice(2 * i, 2 * i + 2),
    head: head.slice(2 * i, 2 * i + 2),
  })).filter((block) => ![...block.base, ...block.head].includes(null));
  const differences = blocks.map((block) => blockDifference(block.base, block.head, metric));
  return {
    used: { base: blocks.flatMap((block) => block.base), head: blocks.flatMap((block) => block.head) },
    differences,
    count: blocks.length,
    of,
    shift: shiftOfDifferences(differences),
  };
}

/** Fewer than four runs on a side say too little about what differs between runs. */
const FEWEST_RUNS = 4;

function ofSamples(base: readonly Reading[], head: readonly Reading[], metric: GateVocabulary): Told {
  const [a, b] = [base.filter((one) => one !== null), head.filter((one) => one !== null)];
  const count = Math.min(a.length, b.length);
  const on = (readings: readonly Exclude<Reading, null>[]) => readings.map((one) => scaled(one, metric));
  return {
    used: { base: a, head: b },
    differences: [],
    count,
    of: Math.min(base.length, head.length),
    shift: count < FEWEST_RUNS ? null : shiftOfSamples(on(a), on(b)),
  };
}
