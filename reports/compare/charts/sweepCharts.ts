import type { Chart, StyledRun } from '../../charts/chart.ts';
import { plotWidthBeside } from '../../charts/labelRoom.ts';
import { runScales } from '../../charts/lines.ts';
import { spreadLabels } from '../../charts/spreadLabels.ts';
import {
  CHART_CONFIG,
  COUNT_LABELS,
  decades,
  PLAIN_LABELS,
  PLOT_HEIGHT,
  SCHEMA_URL,
} from '../../charts/theme.ts';
import { significant } from '../../numbers.ts';
import { backingNote } from '../../percentiles.ts';
import { METRIC } from '../comparisonMetrics.ts';
import { figureOf } from '../figures.ts';
import type { ComparisonMetric } from '../metric.ts';
import type { ServerGroup } from '../serverGroup.ts';
import { type SweptServer, sweptServers, sweptShape, sweptWhat } from '../sweep.ts';
import { drawable } from './intervalBars.ts';

interface Row {
  readonly server: string;
  readonly load: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly note: string;
}

interface SweepChart {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly yTitle: string;
  readonly metric: ComparisonMetric;
  readonly scale: number;
  readonly log: boolean;
  readonly hasKnee: boolean;
}

/** p99 against load, one line per server, the knee marked; null without a sweep. */
export function sweepLatency(groups: readonly ServerGroup[]): Chart | null {
  return sweepChart(groups, {
    name: 'sweep-latency',
    title: `Latency against ${sweptShape(groups) ?? 'load'}`,
    subtitle:
      sweptShape(groups) === null
        ? 'Bars are intervals. The ring is the knee: the last load before p99 exceeds twice that of the lightest load.'
        : 'Bars are intervals.',
    yTitle: 'p99, milliseconds (log scale)',
    metric: METRIC.p99,
    scale: 1 / 1000,
    log: true,
    hasKnee: true,
  });
}

/** Server memory against the limit of flow control, one line per server; null where that is not what is swept. */
export function sweepMemory(groups: readonly ServerGroup[]): Chart | null {
  const swept = groups.filter(({ sweep }) => sweep?.key === 'flowMessages' || sweep?.key === 'slowShare');
  return sweepChart(swept, {
    name: 'sweep-memory',
    title: `Memory against ${sweptShape(swept)}`,
    subtitle:
      'Mean resident memory of the server in the window: what flow control lets wait for slow readers is in it.',
    yTitle: 'mebibytes of server memory',
    metric: METRIC.memoryLoaded,
    scale: 1 / 1_048_576,
    log: false,
    hasKnee: false,
  });
}

/** CPU per delivery against load, one line per server; null without a sweep. */
export function sweepCpu(groups: readonly ServerGroup[]): Chart | null {
  return sweepChart(groups, {
    name: 'sweep-cpu',
    title: `Cost against ${sweptShape(groups) ?? 'load'}`,
    subtitle:
      sweptShape(groups) === null
        ? 'Server CPU of one delivery: as the load grows, more deliveries share the fixed costs. Bars are intervals.'
        : 'Server CPU of one delivery. Bars are intervals.',
    yTitle: 'microseconds of CPU per delivery',
    metric: METRIC.cpu,
    scale: 1,
    log: false,
    hasKnee: false,
  });
}

function sweepChart(groups: readonly ServerGroup[], chart: SweepChart): Chart | null {
  const servers = sweptServers(groups);
  const rows = servers.flatMap((server) => rowsOf(server, chart));
  if (rows.length < 2) return null;
  const few = backingNote(
    'Not certain',
    servers.flatMap((server) => server.groups.flatMap((group) => figureOf(group, chart.metric)?.few ?? [])),
  );
  const looks = servers.map(({ look }) => look);
  const { color, strokeDash } = runScales(looks);
  const scale = yScale(rows, chart.log);
  const x = xAxis(rows.map(({ load }) => load));
  return {
    name: chart.name,
    description: `${chart.title}: one line per server.`,
    spec: {
      $schema: SCHEMA_URL,
      title: { text: chart.title, subtitle: few === null ? chart.subtitle : [chart.subtitle, few] },
      width: plotWidthBeside(servers.map(({ label }) => label)),
      height: PLOT_HEIGHT,
      config: CHART_CONFIG,
      data: { values: rows },
      encoding: {
        x: {
          field: 'load',
          type: 'quantitative',
          scale: { type: x.type, domain: x.domain, nice: false },
          axis: {
            title: `${sweptWhat(servers)}${x.type === 'log' ? ' (log scale)' : ''}`,
            // 1,024 is no round number of thousands.
            labelExpr: sweptShape(groups) === null ? COUNT_LABELS : PLAIN_LABELS,
            values: loadsOf(rows),
          },
        },
        y: {
          field: 'value',
          type: 'quantitative',
          scale: { type: chart.log ? 'log' : 'linear', domain: [scale.low, scale.high], nice: false },
          axis: {
            title: chart.yTitle,
            labelExpr: PLAIN_LABELS,
            ...(chart.log ? { values: decades([scale.low, scale.high]) } : { tickCount: 5 }),
          },
        },
      },
      layer: [
        { mark: { type: 'line' }, encoding: { color, strokeDash } },
        {
          transform: [{ filter: 'isValid(datum.low)' }],
          mark: { type: 'rule', strokeWidth: 2, opacity: 0.6 },
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
        },
        {
          mark: { type: 'point', filled: true, size: 46, opacity: 1 },
          encoding: { color, description: { field: 'note' } },
        },
        ...(chart.hasKnee ? kneeLayers(servers, rows, looks) : []),
        {
          data: { values: endLabels(rows, scale) },
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

function rowsOf({ label, groups }: SweptServer, { metric, scale }: SweepChart): Row[] {
  return groups.flatMap((group) => {
    const figure = figureOf(group, metric);
    if (!figure || !group.sweep) return [];
    const { value } = figure.estimate;
    const { low, high } = drawable(figure.estimate);
    return [
      {
        server: label,
        load: group.sweep.value,
        value: value * scale,
        low: low === null ? null : low * scale,
        high: high === null ? null : high * scale,
        note: `${label} at ${significant(group.sweep.value)}: ${metric.format(value)}`,
      },
    ];
  });
}

function kneeLayers(servers: readonly SweptServer[], rows: readonly Row[], looks: readonly StyledRun[]) {
  const marks = servers.flatMap(({ label, knee }) => {
    const at = knee?.isReached
      ? rows.find(({ server, load }) => server === label && load === knee.load)
      : null;
    return at ? [{ ...at, text: `knee ${significant(at.load)}` }] : [];
  });
  const { color } = runScales(looks);
  return [
    {
      data: { values: marks },
      mark: { type: 'point' as const, filled: false, size: 240, strokeWidth: 2, opacity: 1 },
      encoding: { color },
    },
    {
      data: { values: marks },
      mark: { type: 'text' as const, dy: -18, fontSize: 11.5 },
      encoding: { text: { field: 'text', type: 'nominal' as const } },
    },
  ];
}

function loadsOf(rows: readonly Row[]): number[] {
  return [...new Set(rows.map(({ load }) => load))].sort((a, b) => a - b);
}

/** Loads are drawn by their logarithms, where none of them is 0. */
function xAxis(values: readonly number[]): { type: 'log' | 'linear'; domain: [number, number] } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0
    ? { type: 'log', domain: [low / 1.1, high * 1.02] }
    : { type: 'linear', domain: [-0.05 * high, high * 1.02] };
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

function yScale(rows: readonly Row[], log: boolean): Scale {
  const values = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  if (!log) return { low: 0, high: Math.max(...values) * 1.1, log };
  const powers = decades(values);
  return { low: powers[0] ?? 1, high: powers.at(-1) ?? 10, log };
}

function endLabels(rows: readonly Row[], { low, high, log }: Scale) {
  const on = (value: number) => (log ? Math.log10(value) : value);
  const right = Math.max(...rows.map(({ load }) => load));
  const ends = new Map<string, Row>();
  for (const row of rows) if (row.load >= (ends.get(row.server)?.load ?? 0)) ends.set(row.server, row);
  const labels = [...ends.values()].map(({ server, value }) => ({
    text: server,
    y: PLOT_HEIGHT * (1 - (on(value) - on(low)) / (on(high) - on(low))),
  }));
  return spreadLabels(labels, 15, PLOT_HEIGHT).map(({ text, y }) => ({ text, at: y, load: right }));
}
