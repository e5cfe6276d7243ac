import { formatRateOf } from '../numbers.ts';
import { CLAIM } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { type MultipleRow, smallMultiples } from './smallMultiples.ts';
import { SCHEMA_URL } from './theme.ts';

/** Deliveries received per second beside those offered; null where nothing was delivered. */
export function deliveriesOverTime(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(({ run, label }) =>
    run.timeline.flatMap(({ second, received, intended }) => [
      rowOf(label, 'offered', second, intended),
      rowOf(label, 'received', second, received),
    ]),
  );
  if (!rows.some(({ y }) => y > 0)) return null;
  return {
    name: 'deliveries-over-time',
    description: 'Deliveries per second, received and offered.',
    spec: {
      $schema: SCHEMA_URL,
      ...smallMultiples(runs, {
        title: 'Deliveries per second, received against offered',
        subtitle:
          'Received by the second of receipt, offered (grey, dashed) by the schedule. A gap between them is a server that falls behind.',
        rows,
        xTitle: 'seconds from the start of the measured window',
        yTitle: 'deliveries per second',
        bigNumbers: true,
        layer: [
          {
            transform: [{ filter: "datum.series == 'received'" }],
            mark: { type: 'line' },
            encoding: { color: runScales(runs).color },
          },
          {
            transform: [{ filter: "datum.series == 'offered'" }],
            mark: { type: 'line', color: CLAIM.light, strokeDash: [4, 3] },
          },
        ],
      }),
    },
  };
}

function rowOf(server: string, series: string, second: number, deliveries: number): MultipleRow {
  const note = `${server}, second ${second}: ${formatRateOf(deliveries, 'deliveries')} ${series}`;
  return { server, series, x: second, y: deliveries, note };
}
