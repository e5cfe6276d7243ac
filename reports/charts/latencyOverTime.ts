import { formatUs } from '../numbers.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { secondNote } from './secondBacking.ts';
import { smallMultiples } from './smallMultiples.ts';
import { SCHEMA_URL } from './theme.ts';

const SERIES = ['p50', 'p99', 'max'] as const;
const DASH: Readonly<Record<(typeof SERIES)[number], number[]>> = { p50: [1, 0], p99: [6, 3], max: [2, 2] };

/** p50, p99 and maximum of delivery latency per intended second; null where no run has a timeline of latencies. */
export function latencyOverTime(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(rowsOf);
  if (rows.length === 0) return null;
  const few = secondNote(runs.map(({ run }) => run));
  return {
    name: 'latency-over-time',
    description: 'Median, 99th percentile and maximum of delivery latency in each second.',
    spec: {
      $schema: SCHEMA_URL,
      ...smallMultiples(runs, {
        title: 'Latency over time',
        subtitle: [
          'By the second in which a message was due; seconds below 0 are the warm-up. Level lines mean a steady state.',
          ...(few === null ? [] : [few]),
        ],
        rows,
        xTitle: 'seconds from the start of the measured window',
        yTitle: 'milliseconds (log scale)',
        log: true,
        layer: [{ mark: { type: 'line' }, encoding: { color: runScales(runs).color, strokeDash } }],
      }),
    },
  };
}

const strokeDash = {
  field: 'series',
  type: 'nominal' as const,
  scale: { domain: [...SERIES], range: SERIES.map((series) => DASH[series]) },
  legend: null,
};

function rowsOf({ run, label }: StyledRun) {
  return run.timeline.flatMap((second) =>
    SERIES.flatMap((series) => {
      const value = second[series];
      if (value === null || value <= 0) return [];
      const note = `${label}, second ${second.second}: ${series} ${formatUs(value)}`;
      return [{ server: label, series, x: second.second, y: value / 1000, note }];
    }),
  );
}
