import type { Chart } from '../../charts/chart.ts';
import { rowLabelWidth } from '../../charts/labelRoom.ts';
import { runScales } from '../../charts/lines.ts';
import { CHART_CONFIG, PAGE_WIDTH, SCHEMA_URL } from '../../charts/theme.ts';
import { INK, MUTED } from '../../palette.ts';
import { backingNote } from '../../percentiles.ts';
import { METRIC } from '../comparisonMetrics.ts';
import { figureOf } from '../figures.ts';
import type { ComparisonMetric } from '../metric.ts';
import { costOf, type ProtectedGroup, type ProtectedServer, protectedServers } from '../securityCost.ts';
import { ratioText } from '../securityFinding.ts';
import type { ServerGroup } from '../serverGroup.ts';
import { drawable } from './intervalBars.ts';

interface Panel {
  readonly title: string;
  readonly metric: ComparisonMetric;
}

/** Rows that were measured. */
const KNOWN = { filter: 'isValid(datum.value)' };

/** Pixels of a plot, and of the labels at its left; null: it has none. */
interface Room {
  readonly width: number;
  readonly labels: number | null;
}

/** Rows of plots: connecting, memory, deliveries. */
const PANELS: readonly (readonly Panel[])[] = [
  [
    { title: 'handshake, p50', metric: METRIC.handshakeMedian },
    { title: 'handshake, p95', metric: METRIC.handshake },
    { title: 'connects per second', metric: METRIC.connects },
  ],
  [
    { title: 'server memory', metric: METRIC.memory },
    { title: 'client memory', metric: METRIC.clientMemory },
    { title: 'kernel memory', metric: METRIC.kernel },
  ],
  [
    { title: 'server CPU per delivery', metric: METRIC.deliveryCpu },
    { title: 'server CPU per publish', metric: METRIC.publishCpu },
    { title: 'delivery latency, p99', metric: METRIC.p99 },
  ],
];

const LEAST_LABELS_WIDTH = 90;
const GAP = 26;
const ROW_HEIGHT = 19;
/** Room at the right of the furthest dot for its value and ratio, as a share of its distance from zero. */
const VALUE_ROOM = 1;

/** One dot per kind of protection, from the least protected outward, a plot per figure; null where only one kind was run. */
export function securityDots(groups: readonly ServerGroup[]): Chart | null {
  const servers = protectedServers(groups);
  const labels = rowLabelWidth(
    servers.map(({ base }) => base.group.label),
    LEAST_LABELS_WIDTH,
  );
  const width = (PAGE_WIDTH - labels - 24) / 3 - GAP;
  const rows = PANELS.flatMap((panels) => {
    const drawn = panels.filter(({ metric }) =>
      servers.some((server) => rowsOf(server, metric).filter(({ value }) => value !== null).length > 1),
    );
    return drawn.length === 0
      ? []
      : [
          {
            spacing: GAP,
            bounds: 'flush' as const,
            hconcat: drawn.map((panel, i) =>
              panelSpec(panel, servers, { width, labels: i === 0 ? labels : null }),
            ),
          },
        ];
  });
  if (rows.length === 0) return null;
  const few = backingNote(
    'In brackets',
    servers.flatMap(({ base, others }) =>
      [base, ...others].flatMap(({ group }) =>
        PANELS.flat().flatMap(({ metric }) => figureOf(group, metric)?.few ?? []),
      ),
    ),
  );
  return {
    name: 'security-cost',
    description: 'What protection costs: each figure of each server, a dot per kind of protection.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'Each figure under each kind of protection',
        subtitle: [
          'A row per kind of protection; the line runs from the least protected, which is a ring, to what protection makes of it.',
          'Axes begin at zero. Behind each value its ratio to the least protected; thin lines are intervals of the runs; ✗ is INVALID.',
          ...(few === null ? [] : [few]),
        ],
        dx: 0,
        frame: 'bounds',
      },
      config: { ...CHART_CONFIG, concat: { spacing: GAP } },
      vconcat: rows,
    },
  };
}

function panelSpec({ title, metric }: Panel, servers: readonly ProtectedServer[], room: Room) {
  const rows = servers.flatMap((server) => rowsOf(server, metric));
  const looks = servers.flatMap(({ base, others }) => [base, ...others].map(({ group }) => group.look));
  const furthest = Math.max(...rows.map(({ end }) => end));
  // A slope lost in noise can be negative.
  const lowest = Math.min(0, ...rows.map(({ value }) => value ?? 0));
  const { color } = runScales(looks);
  const at = { field: 'value', type: 'quantitative' as const };
  return {
    title: {
      text: title,
      fontSize: 12.5,
      fontWeight: 'normal' as const,
      color: MUTED.light,
      dx: 0,
      offset: 6,
    },
    width: room.width,
    height: { step: ROW_HEIGHT },
    data: { values: rows },
    encoding: {
      y: {
        field: 'server',
        type: 'nominal' as const,
        scale: { domain: looks.map(({ label }) => label) },
        axis:
          room.labels !== null
            ? {
                title: null,
                domain: false,
                minExtent: room.labels,
                maxExtent: room.labels,
                labelLimit: room.labels,
                labelColor: INK.light,
                labelExpr: `${JSON.stringify(rowNames(servers))}[datum.label]`,
              }
            : null,
      },
      x: {
        ...at,
        scale: { domain: [lowest, furthest * (1 + VALUE_ROOM) || 1], nice: false },
        axis: null,
      },
    },
    layer: [
      {
        transform: [KNOWN],
        mark: { type: 'rule' as const, strokeWidth: 2, opacity: 0.55 },
        encoding: { x: { field: 'from', type: 'quantitative' as const }, x2: { field: 'value' }, color },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule' as const, strokeWidth: 1.5, color: INK.light },
        encoding: { x: { field: 'low', type: 'quantitative' as const }, x2: { field: 'high' } },
      },
      {
        transform: [KNOWN],
        mark: { type: 'point' as const, size: 62, opacity: 1, strokeWidth: 2 },
        encoding: {
          color,
          fill: {
            condition: { test: 'datum.isBase', value: 'transparent' },
            field: 'server',
            type: 'nominal' as const,
            scale: color.scale,
            legend: null,
          },
          shape: {
            field: 'kind',
            type: 'nominal' as const,
            scale: { domain: ['plain', 'tls', 'mtls-jwt'], range: ['circle', 'circle', 'diamond'] },
            legend: null,
          },
          description: { field: 'note' },
        },
      },
      {
        mark: {
          type: 'text' as const,
          align: 'left' as const,
          baseline: 'middle' as const,
          dx: 9,
          fontSize: 11.5,
        },
        encoding: {
          x: { field: 'end', type: 'quantitative' as const },
          text: { field: 'text', type: 'nominal' as const },
        },
      },
    ],
  };
}

/** The server's name stands once, at its least protected row; the other rows say their kind. */
function rowNames(servers: readonly ProtectedServer[]): Record<string, string> {
  return Object.fromEntries(
    servers.flatMap(({ base, others }) => [
      [base.group.label, base.group.label],
      ...others.map(({ kind, group }) => [group.label, kind]),
    ]),
  );
}

function rowsOf(server: ProtectedServer, metric: ComparisonMetric) {
  const base = figureOf(server.base.group, metric);
  return [server.base, ...server.others].map((one) =>
    rowOf(server, one, metric, base?.estimate.value ?? null),
  );
}

function rowOf(server: ProtectedServer, one: ProtectedGroup, metric: ComparisonMetric, from: number | null) {
  const figure = figureOf(one.group, metric);
  const row = { server: one.group.label, kind: one.kind, isBase: one === server.base };
  if (!figure)
    return { ...row, from: 0, value: null, low: null, high: null, end: from ?? 0, text: '–', note: '' };
  const { value } = figure.estimate;
  const { low, high } = drawable(figure.estimate);
  const told = figure.isSupported ? metric.format(value) : `(${metric.format(value)})`;
  const text = `${told}${ratioOf(server, one, metric)}${figure.verdict === 'INVALID' ? ' ✗' : ''}`;
  return {
    ...row,
    from: from ?? value,
    value,
    // The slope of few connections may be lost in noise: its interval would run into the labels.
    low: low === null ? null : Math.max(0, low),
    high,
    end: Math.max(0, from ?? value, value, high ?? value),
    text,
    note: `${one.group.label}: ${text}`,
  };
}

function ratioOf(server: ProtectedServer, one: ProtectedGroup, metric: ComparisonMetric): string {
  const ratio = one === server.base ? null : (costOf(server, one, metric)?.ratio ?? null);
  return ratio === null ? '' : ` (${ratioText(ratio)})`;
}
