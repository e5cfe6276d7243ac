import { formatCount } from '../numbers.ts';
import { CLAIM, INVALID } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { type MultipleRow, smallMultiples } from './smallMultiples.ts';
import { SCHEMA_URL } from './theme.ts';

const SERIES = ['attempted', 'established', 'failed'] as const;

/** Connections attempted, established and failed since the ramp began; null where no ramp was recorded. */
export function connectRamp(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(rowsOf);
  if (rows.length === 0) return null;
  return {
    name: 'connect-ramp',
    description: 'Connections established over the time of the ramp.',
    spec: {
      $schema: SCHEMA_URL,
      ...smallMultiples(runs, {
        title: 'Connect ramp',
        subtitle:
          'Attempts follow a fixed schedule (grey, dashed); the distance to the line of established ones is handshakes under way.',
        rows,
        xTitle: 'seconds from the first intended connect',
        yTitle: 'connections',
        bigNumbers: true,
        layer: [
          {
            transform: [{ filter: "datum.series == 'attempted'" }],
            mark: { type: 'line', color: CLAIM.light, strokeDash: [4, 3] },
          },
          {
            transform: [{ filter: "datum.series == 'established'" }],
            mark: { type: 'line' },
            encoding: { color: runScales(runs).color },
          },
          {
            transform: [{ filter: "datum.series == 'failed'" }],
            mark: { type: 'line', color: INVALID.light, strokeDash: [2, 2] },
          },
        ],
      }),
    },
  };
}

function rowsOf({ run, label }: StyledRun): MultipleRow[] {
  const series = SERIES.filter((name) => name !== 'failed' || run.connections.failed > 0);
  return run.connections.ramp.flatMap((step) =>
    series.map((name) => ({
      server: label,
      series: name,
      x: step.atMs / 1000,
      y: step[name],
      note: `${label}: ${formatCount(step[name])} ${name} after ${step.atMs / 1000} s`,
    })),
  );
}
