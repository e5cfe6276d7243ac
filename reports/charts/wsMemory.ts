import { formatBytes, formatCount, formatShare } from '../numbers.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { CHART_CONFIG, PLAIN_LABELS, PLOT_WIDTH, SCHEMA_URL } from './theme.ts';

/** Between two samples. */
const SAMPLE_SECONDS = 0.5;
const SPACING = 18;
const PLOT_HEIGHT = 110;

/** Resident memory over time, a plot per number of connections; null outside that scenario. */
export function wsMemory(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(rowsOf);
  if (rows.length === 0) return null;
  const columns = [...new Set(rows.map(({ connections }) => connections))].sort((a, b) => a - b);
  const highest = Math.max(...rows.map(({ mean }) => Math.abs(mean)), 1);
  return {
    name: 'ws-memory',
    description:
      'Resident memory of the server over time, as departure from its mean, at each number of connections.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'Memory over time, by connections',
        dx: -58,
        subtitle:
          'Resident memory of the server less its mean in the window, percent of that mean, by seconds from the start of the window; one scale for all plots.',
      },
      config: CHART_CONFIG,
      data: { values: rows },
      facet: {
        row: {
          field: 'server',
          type: 'nominal',
          sort: runs.map(({ label }) => label),
          header: { labelOrient: 'top', title: null },
        },
        column: {
          field: 'connections',
          type: 'ordinal',
          sort: 'ascending',
          header: {
            labelExpr: "format(datum.value, ',') + ' connections'",
            labelFontWeight: 'normal',
            title: null,
          },
        },
      },
      spacing: SPACING,
      spec: {
        width: (PLOT_WIDTH + 70 - SPACING * (columns.length - 1)) / columns.length,
        height: PLOT_HEIGHT,
        encoding: {
          x: {
            field: 'seconds',
            type: 'quantitative',
            scale: { nice: false, zero: true },
            axis: { title: null, labelExpr: PLAIN_LABELS, tickCount: 4 },
          },
          y: {
            field: 'mean',
            type: 'quantitative',
            scale: { domain: [-highest * 1.1, highest * 1.1], nice: false },
            axis: {
              title: null,
              labelExpr: "(datum.value == 0 ? '0' : format(datum.value, '+~r')) + ' %'",
              tickCount: 4,
            },
          },
        },
        layer: [
          { mark: { type: 'line' }, encoding: { color: runScales(runs).color } },
          {
            mark: { type: 'point', size: 40, opacity: 0, filled: true },
            encoding: { description: { field: 'note' } },
          },
        ],
      },
    },
  };
}

function rowsOf({ run, label }: StyledRun) {
  return (run.articleWs?.levels ?? []).flatMap(({ connections, rssBytes, meanBytes, jitter }) =>
    rssBytes.map((bytes, i) => ({
      server: label,
      connections,
      seconds: i * SAMPLE_SECONDS,
      mean: (bytes / meanBytes - 1) * 100,
      note: `${label}, ${formatCount(connections)} connections, ${i * SAMPLE_SECONDS} s: ${formatBytes(bytes)}, jitter ${formatShare(jitter)}`,
    })),
  );
}
