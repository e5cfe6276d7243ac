import { decodeHistogram, quantileCurve } from '../histogram.ts';
import { formatUs, significant } from '../numbers.ts';
import { INK } from '../palette.ts';
import { PERCENTILES } from '../percentiles.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { CHART_CONFIG, PLOT_HEIGHT, PLOT_WIDTH, SCHEMA_URL } from './theme.ts';

interface Row {
  readonly server: string;
  /** 1/(1-q), the axis. */
  readonly nines: number;
  readonly ms: number;
  readonly note: string;
}

/** Latency percentile curve, one line per run, as far as the messages support it; null where no run has latencies. */
export function latencyCurve(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(curveRows);
  if (rows.length === 0) return null;
  const intervals = runs.flatMap(intervalRows);
  const log = isSkewed(rows);
  return {
    name: 'latency-percentiles',
    description: 'Delivery latency against the share of deliveries that were at least as fast.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: `Delivery latency by percentile${runs.length > 1 ? ', one line per server' : ''}`,
        subtitle: [
          'How to read it: at p99, 99 of 100 deliveries were at most this late. Flat is good; a rising right end is the tail.',
          'Each line ends where the number of messages no longer supports it, or where deliveries were lost. Bars: 95 % intervals.',
        ],
      },
      width: PLOT_WIDTH,
      height: PLOT_HEIGHT,
      config: CHART_CONFIG,
      data: { values: rows },
      encoding: {
        x: {
          field: 'nines',
          type: 'quantitative',
          scale: { type: 'log', domain: [1, Math.max(100, ...rows.map((row) => row.nines))], nice: false },
          axis: {
            title: 'percentile (log scale of 1/(1−q))',
            values: [1, 2, 10, 20, 100, 1000, 10_000, 100_000],
            labelExpr:
              "datum.value == 1 ? 'min' : datum.value == 20 ? 'p95' : datum.value == 2 ? 'p50' : 'p' + format(100 - 100 / datum.value, '~r')",
            grid: true,
          },
        },
        y: {
          field: 'ms',
          type: 'quantitative',
          scale: log ? { type: 'log' } : { zero: true },
          axis: {
            title: `milliseconds after the intended time${log ? ' (log scale)' : ''}`,
            format: '~g',
            tickCount: 6,
          },
        },
      },
      layer: [
        { mark: { type: 'line', interpolate: 'monotone' }, encoding: runScales(runs) },
        {
          mark: { type: 'point', size: 60, opacity: 0, filled: true },
          encoding: { description: { field: 'note' } },
        },
        {
          data: { values: intervals },
          mark: { type: 'rule', strokeWidth: 5, opacity: 0.35 },
          encoding: {
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
            color: runScales(runs).color,
          },
        },
        {
          transform: [
            {
              window: [{ op: 'rank', as: 'fromRight' }],
              sort: [{ field: 'nines', order: 'descending' }],
              groupby: ['server'],
            },
            { filter: 'datum.fromRight == 1' },
          ],
          mark: { type: 'text', align: 'left', dx: 8, color: INK.light },
          encoding: { text: { field: 'server' } },
        },
      ],
    },
  };
}

function curveRows({ run, label }: StyledRun): Row[] {
  const { delivery: base64 } = run.histograms;
  if (!base64 || !run.latencyUs || !run.deliveries) return [];
  const { expected, lost } = run.deliveries;
  const curve = quantileCurve(decodeHistogram(base64), {
    messages: run.latencyUs.delivery.messages,
    lostShare: expected > 0 ? lost / expected : 0,
  });
  return curve.map(({ quantile, valueUs }) => ({
    server: label,
    nines: 1 / (1 - quantile),
    ms: valueUs / 1000,
    note: `${label}: p${significant(quantile * 100, 5)} ${formatUs(valueUs)}`,
  }));
}

function intervalRows({ run, label }: StyledRun) {
  return PERCENTILES.flatMap(({ key, quantile }) => {
    const interval = run.latencyIntervalsUs?.[key];
    if (!interval) return [];
    return [
      { server: label, nines: 1 / (1 - quantile), low: interval.low / 1000, high: interval.high / 1000 },
    ];
  });
}

/** Servers whose latencies differ by more than fifty times cannot share a linear axis. */
function isSkewed(rows: readonly Row[]): boolean {
  const last = new Map(rows.map((row) => [row.server, row.ms]));
  const ends = [...last.values()];
  return Math.max(...ends) > 50 * Math.min(...ends) && Math.min(...rows.map((row) => row.ms)) > 0;
}
