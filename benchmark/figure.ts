/** One row of docs/performance.md. */
export interface Figure {
  readonly what: string;
  /** Budgets of the project; empty where a figure is only for comparison. */
  readonly must: string;
  readonly aim: string;
  /** With unit; the median where it was measured more than once. */
  readonly measured: string;
  /** How it was measured. */
  readonly ruler: string;
}

/** A group of figures that are measured together. */
export interface Benchmark {
  /** For `--only`. */
  readonly name: string;
  /** What it does and how long it takes, for progress. */
  readonly summary: string;
  measure(options: MeasureOptions): Promise<readonly Figure[]>;
}

export interface MeasureOptions {
  /** Small and short: shows that everything works; its figures are not written down. */
  readonly quick: boolean;
  /** Times that a run is repeated; null: each benchmark's own number. */
  readonly repeats: number | null;
  /** One line for the person who waits. */
  readonly tell: (line: string) => void;
}

/**
 * Middle of some numbers; the lower one of two middles, so that it is always a number that was measured.
 * @throws RangeError for none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing is not defined');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1];
}
