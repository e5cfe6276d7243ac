import { formatRateOf } from '../numbers.ts';
import { CLAIM } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { smallMultiples } from './smallMultiples.ts';
import { SCHEMA_URL } from './theme.ts';

/** Deliveries received per second beside those offered; null where nothing was delivered. */
export function deliveriesOverTime(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(({ run, label }) =>
    run.timeline.flatMap((second) => [
      row(label, 'received', second.second, second.received),
      row(label, 'offered', second.second, second.intended),
    ]),
  );
  if (!rows.some(({ deliveries }) => deliveries > 0)) return null;
  return {
    name: 'deliveries-over-time',
    description: 'Deliveries per second, received and offered.',
    spec: {
      $schema: SCHEMA_URL,
      ...smallMultiples(runs, {
        title: 'Deliveries per second, received against offered',
        subtitle:
          'Received by the second of receipt, offered (grey) by the schedule. A gap between them is a server that falls behind.',
        rows,
        x: { field: 'second', title: 'seconds from the start of the measured window' },
        y: { field: 'deliveries', title: 'deliveries per second' },
        layer: [
          {
            transform: [{ filter: "datum.series == 'offered'" }],
            mark: { type: 'line', color: CLAIM.light, strokeDash: [4, 3] },
          },
          {
            transform: [{ filter: "datum.series == 'received'" }],
            mark: { type: 'line' },
            encoding: { color: runScales(runs).color },
          },
        ],
        labelField: 'series',
      }),
    },
  };
}

function row(server: string, series: string, second: number, deliveries: number) {
  const note = `${server}, second ${second}: ${formatRateOf(deliveries, 'deliveries')} ${series}`;
  return { server, series, second, deliveries, note };
}
