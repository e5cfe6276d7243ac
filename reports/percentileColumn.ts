import type { LatencyStats, Run } from '../contract/result.ts';
import type { DefinitionId } from './definitions.ts';
import { formatUs, orMissing } from './numbers.ts';
import { backingNote, backingOf, isBacked, type Percentile } from './percentiles.ts';
import type { SummaryColumn } from './summaryColumns.ts';

type Stats = Partial<Pick<LatencyStats, Percentile['key']>> & Pick<LatencyStats, 'messages'>;

interface PercentileColumn {
  readonly definition: DefinitionId;
  readonly key: Percentile['key'];
  readonly of: (run: Run) => Stats | null | undefined;
}

/** A percentile of each run, in brackets where too few messages stand behind it. */
export function percentileColumn(title: string, { definition, key, of }: PercentileColumn): SummaryColumn {
  const backing = (run: Run) => {
    const stats = of(run);
    return stats && (stats[key] ?? null) !== null ? backingOf(stats, key) : null;
  };
  const cell = (run: Run) => {
    const behind = backing(run);
    const text = orMissing(of(run)?.[key], formatUs, '-');
    return behind !== null && !isBacked(behind) ? `(${text})` : text;
  };
  return { title, definition, cell, backing };
}

/** What the brackets of a table mean, with the counts there were; null where there are none. */
export function bracketNote(columns: readonly SummaryColumn[], runs: readonly Run[]): string | null {
  return backingNote(
    'In brackets',
    columns.flatMap(({ backing }) => (backing ? runs.map(backing) : [])),
  );
}

/** Latency in a part of a window with a fault: the deliveries that were counted in it make up so many messages. */
export function phaseStats(phase: 'before' | 'during' | 'after'): PercentileColumn['of'] {
  return ({ fault, plan }) =>
    fault && {
      ...fault[phase],
      messages: Math.floor(fault[phase].deliveries / Math.max(1, plan.fanOut)),
    };
}
