import { formatBytes, formatCount } from '../numbers.ts';
import { MUTED } from '../palette.ts';
import { perSubscriber, sharesConnections } from '../runShape.ts';
import type { Chart, StyledRun } from './chart.ts';
import { plotWidthBeside } from './labelRoom.ts';
import { runScales } from './lines.ts';
import { spreadLabels } from './spreadLabels.ts';
import { CHART_CONFIG, COUNT_LABELS, PLAIN_LABELS, PLOT_HEIGHT, SCHEMA_URL } from './theme.ts';

const MIB = 1024 ** 2;

interface Point {
  readonly server: string;
  readonly series: string;
  readonly connections: number;
  readonly mib: number;
  readonly note: string;
}

/** Resident memory at each level of connections, and the fitted slope; null where no run sampled levels. */
export function memoryLevels(runs: readonly StyledRun[]): Chart | null {
  const points = runs.flatMap(pointsOf);
  if (points.length === 0) return null;
  const fits = runs.flatMap(fitOf);
  const labelled = runs.length > 1 ? fits.filter(({ series }) => series === 'server') : fits;
  const { color, strokeDash } = runScales(runs);
  const colour = { condition: { test: "datum.series == 'clients'", value: MUTED.light }, ...color };
  const subscribers = runs.every(({ run }) => sharesConnections(run)) ? 'streams' : 'connections';
  const high = Math.max(...points.map(({ mib }) => mib)) * 1.1;
  return {
    name: 'memory-levels',
    description: 'Resident memory of the server and of the load clients at each level of connections.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: `Memory against ${subscribers}, with the fitted slope`,
        subtitle:
          'Points: resident memory at each settled level after garbage collection. Lines: Theil–Sen slope without level 0. Grey: load clients.',
      },
      width: plotWidthBeside(labelled.map(({ text }) => text)),
      height: PLOT_HEIGHT,
      config: CHART_CONFIG,
      data: { values: points },
      encoding: {
        x: {
          field: 'connections',
          type: 'quantitative',
          scale: { nice: false },
          axis: { title: `live ${subscribers}`, labelExpr: COUNT_LABELS, tickCount: 6 },
        },
        y: {
          field: 'mib',
          type: 'quantitative',
          scale: { domain: [0, high], nice: false },
          axis: { title: 'resident memory, MiB', labelExpr: PLAIN_LABELS, tickCount: 5 },
        },
      },
      layer: [
        {
          data: { values: fits },
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { color: colour, strokeDash, detail: { field: 'series' } },
        },
        {
          mark: { type: 'point', filled: true, size: 50, opacity: 1 },
          encoding: { color: colour, description: { field: 'note' } },
        },
        {
          data: { values: labelsOf(labelled, high) },
          mark: { type: 'text', align: 'left', dx: 10 },
          encoding: {
            text: { field: 'text', type: 'nominal' },
            y: { field: 'at', type: 'quantitative', scale: null, axis: null },
          },
        },
      ],
    },
  };
}

function pointsOf({ run, label }: StyledRun): Point[] {
  return run.memory.levels.flatMap(({ connections, settled, afterGc }) => {
    const sample = afterGc ?? settled;
    return (['server', 'generator'] as const).flatMap((role) => {
      const bytes = sample[role].rssBytes;
      if (bytes === null) return [];
      const series = role === 'server' ? 'server' : 'clients';
      const note = `${label} ${series}: ${formatBytes(bytes)} at ${formatCount(connections)} connections`;
      return [{ server: label, series, connections, mib: bytes / MIB, note }];
    });
  });
}

interface Fit {
  readonly server: string;
  readonly series: string;
  readonly connections: number;
  readonly mib: number;
  readonly text: string;
}

/** Ends of each fitted line: the slope through the middle of the levels that it was fitted to. */
function fitOf(styled: StyledRun): Fit[] {
  const { memory } = styled.run;
  const slopes = [
    { series: 'server', slope: memory.server.rssPerConnectionBytes },
    { series: 'clients', slope: memory.generator.rssPerConnectionBytes },
  ];
  return slopes.flatMap(({ series, slope }) => {
    const levels = pointsOf(styled).filter((point) => point.series === series && point.connections > 0);
    const last = levels.at(-1);
    if (slope === null || levels.length < 2 || !last) return [];
    const perConnection = slope / MIB;
    const intercept = median(levels.map(({ connections, mib }) => mib - perConnection * connections));
    const text = `${styled.label}${series === 'server' ? '' : ' clients'} ${perSubscriber(`${formatBytes(slope)}/conn`, [styled.run])}`;
    return [0, last.connections].map((connections) => ({
      server: styled.label,
      series,
      connections,
      mib: intercept + perConnection * connections,
      text,
    }));
  });
}

function labelsOf(fits: readonly Fit[], high: number) {
  const ends = new Map(fits.map((fit) => [fit.text, fit]));
  const labels = [...ends.values()].map(({ text, mib }) => ({ text, y: PLOT_HEIGHT * (1 - mib / high) }));
  return spreadLabels(labels, 15, PLOT_HEIGHT).map(({ text, y }) => ({
    text,
    at: y,
    connections: ends.get(text)?.connections ?? 0,
  }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
