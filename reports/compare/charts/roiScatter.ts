import type { Run } from '../../../contract/result.ts';
import type { Chart } from '../../charts/chart.ts';
import { runScales } from '../../charts/lines.ts';
import { spreadLabels } from '../../charts/spreadLabels.ts';
import {
  CHART_CONFIG,
  COUNT_LABELS,
  decades,
  PLAIN_LABELS,
  PLOT_WIDTH,
  SCHEMA_URL,
} from '../../charts/theme.ts';
import { formatRate, significant } from '../../numbers.ts';
import { FAINT, MUTED } from '../../palette.ts';
import { median } from '../../statistics/theilSen.ts';
import { listOf } from '../listOf.ts';
import { loadedMbPerConnection } from '../metric.ts';
import type { ServerGroup } from '../serverGroup.ts';

const HEIGHT = 360;

interface Point {
  readonly server: string;
  readonly mb: number;
  readonly qps: number;
  /** False where the server's ceiling was not searched for: more would have been possible. */
  readonly isCeiling: boolean;
  /** The runtime's own memory weighs less on each of many connections. */
  readonly connections: number;
  readonly note: string;
}

/** Deliveries per second against memory per connection, log-log, with lines of equal ROI; null for fewer than two servers. */
export function roiScatter(groups: readonly ServerGroup[]): Chart | null {
  const points = comparable(groups.flatMap(pointOf));
  if (points.length < 2) return null;
  const x = span(points.map(({ mb }) => mb));
  const y = span(points.map(({ qps }) => qps));
  const { color } = runScales(groups.map(({ look }) => look));
  const hollow = points.some(({ isCeiling }) => !isCeiling);
  return {
    name: 'compared-roi-scatter',
    description:
      'Deliveries per second against memory per connection, one point per server, with lines of equal ROI.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'What a megabyte buys: ROI 1',
        subtitle: [
          'Both scales logarithmic. Up and to the left is better; along a grey line ROI is equal: deliveries per second over MB of RSS per connection.',
          ...absent(groups, points),
          ...(hollow
            ? ['Hollow: no ceiling was searched for, so this is only what the shared load asked for.']
            : []),
        ],
      },
      width: PLOT_WIDTH,
      height: HEIGHT,
      config: CHART_CONFIG,
      encoding: {
        x: {
          field: 'mb',
          type: 'quantitative',
          scale: { type: 'log', domain: [...x], nice: false },
          axis: {
            title: 'MB of server RSS per connection, under load (log scale)',
            labelExpr: PLAIN_LABELS,
            values: ticks(x),
          },
        },
        y: {
          field: 'qps',
          type: 'quantitative',
          scale: { type: 'log', domain: [...y], nice: false },
          axis: { title: 'deliveries per second (log scale)', labelExpr: COUNT_LABELS, values: ticks(y) },
        },
      },
      layer: [
        {
          data: { values: isoLines(x, y) },
          mark: { type: 'line', strokeWidth: 1, color: FAINT.light, opacity: 0.45 },
          encoding: { detail: { field: 'roi', type: 'nominal' } },
        },
        {
          data: { values: isoLabels(x, y) },
          mark: {
            type: 'text',
            align: 'right',
            dx: -10,
            dy: -7,
            angle: isoAngle(x, y),
            color: FAINT.light,
            fontSize: 11,
          },
          encoding: { text: { field: 'text', type: 'nominal' } },
        },
        {
          data: { values: points.filter(({ isCeiling }) => isCeiling) },
          mark: { type: 'point', filled: true, size: 130, opacity: 1 },
          encoding: { color, description: { field: 'note' } },
        },
        {
          data: { values: points.filter(({ isCeiling }) => !isCeiling) },
          mark: { type: 'point', filled: false, size: 130, strokeWidth: 2, opacity: 1 },
          encoding: { color, description: { field: 'note' } },
        },
        {
          data: { values: labelsOf(points, y) },
          mark: { type: 'text', align: 'left', dx: 11, color: MUTED.light },
          encoding: {
            text: { field: 'server', type: 'nominal' },
            y: { field: 'at', type: 'quantitative', scale: null, axis: null },
          },
        },
      ],
    },
  };
}

function absent(groups: readonly ServerGroup[], points: readonly Point[]): string[] {
  const names = groups
    .map(({ label }) => label)
    .filter((label) => !points.some(({ server }) => server === label));
  return names.length === 0 ? [] : [`Without ${listOf(names)}: no ceiling was searched for.`];
}

function pointOf({ label, runs }: ServerGroup): Point[] {
  const searched = runs.filter(({ ceiling }) => ceiling?.deliveriesPerSecond);
  const used = searched.length > 0 ? searched : runs.filter(({ deliveries }) => deliveries);
  const qps = (run: Run) => run.ceiling?.deliveriesPerSecond ?? run.deliveries?.perSecond ?? 0;
  const known = used.filter((run) => qps(run) > 0 && (loadedMbPerConnection(run) ?? 0) > 0);
  if (known.length === 0) return [];
  const at = { mb: median(known.map((run) => loadedMbPerConnection(run) ?? 0)), qps: median(known.map(qps)) };
  const note = `${label}: ${formatRate(at.qps)}, ${significant(at.mb)} MB per connection, ROI ${significant(at.qps / at.mb)}`;
  const { established } = known[0]?.connections ?? { established: 0 };
  return [{ server: label, ...at, isCeiling: searched.length > 0, connections: established, note }];
}

/** Memory per connection compares only at one number of connections: a shared load with another one is left out. */
function comparable(points: readonly Point[]): Point[] {
  const searched = points.filter(({ isCeiling }) => isCeiling);
  const counts = new Set(searched.map(({ connections }) => connections));
  return searched.length === 0
    ? [...points]
    : points.filter(({ isCeiling, connections }) => isCeiling || counts.has(connections));
}

/** From a third of the smallest to three times the largest. */
function span(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values) / 3, Math.max(...values) * 3];
}

function ticks([low, high]: readonly [number, number]): number[] {
  const marks = decades([low, high]).flatMap((power) => [power, 2 * power, 5 * power]);
  return marks.filter((mark) => mark >= low && mark <= high);
}

function isoRois(x: readonly [number, number], y: readonly [number, number]): number[] {
  const [low, high] = [y[0] / x[1], y[1] / x[0]];
  const within = (rois: readonly number[]) => rois.filter((roi) => roi > low && roi < high);
  const powers = decades([low, high]);
  // A narrow chart has room for lines between the powers of ten.
  const coarse = within(powers);
  return coarse.length >= 3 ? coarse : within(powers.flatMap((power) => [power, 2 * power, 5 * power]));
}

function isoLines(x: readonly [number, number], y: readonly [number, number]) {
  return isoRois(x, y).flatMap((roi) => {
    const from = Math.max(x[0], y[0] / roi);
    const to = Math.min(x[1], y[1] / roi);
    return from < to ? [from, to].map((mb) => ({ roi, mb, qps: mb * roi })) : [];
  });
}

/** Degrees by which a line of equal ROI rises on the page: text along it is turned by as much. */
function isoAngle(x: readonly [number, number], y: readonly [number, number]): number {
  const perE = (pixels: number, [low, high]: readonly [number, number]) => pixels / Math.log(high / low);
  return (-Math.atan(perE(HEIGHT, y) / perE(PLOT_WIDTH, x)) * 180) / Math.PI;
}

/** At the upper end of each line that is long enough to be read. */
function isoLabels(x: readonly [number, number], y: readonly [number, number]) {
  return isoRois(x, y).flatMap((roi) => {
    const from = Math.max(x[0], y[0] / roi);
    const mb = Math.min(x[1], y[1] / roi);
    return mb / from > 1.6 ? [{ mb, qps: mb * roi, text: `ROI ${significant(roi)}` }] : [];
  });
}

/** Names beside the points, moved apart where points lie close together. */
function labelsOf(points: readonly Point[], [low, high]: readonly [number, number]) {
  const pixel = (qps: number) => HEIGHT * (1 - Math.log(qps / low) / Math.log(high / low));
  const placed = spreadLabels(
    points.map(({ server, qps }) => ({ text: server, y: pixel(qps) })),
    15,
    HEIGHT,
  );
  return points.map(({ server, mb }) => ({
    server,
    mb,
    at: placed.find(({ text }) => text === server)?.y ?? 0,
  }));
}
