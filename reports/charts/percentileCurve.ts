import { decodeHistogram, quantileCurve } from '../histogram.ts';
import { formatUs, significant } from '../numbers.ts';
import { isSupported, PERCENTILES } from '../percentiles.ts';
import type { Chart, StyledRun } from './chart.ts';
import { plotWidthBeside } from './labelRoom.ts';
import { runScales } from './lines.ts';
import { spreadLabels } from './spreadLabels.ts';
import { CHART_CONFIG, decades, PLAIN_LABELS, PLOT_HEIGHT, SCHEMA_URL } from './theme.ts';

interface Row {
  readonly server: string;
  /** 1/(1-q), the axis. */
  readonly nines: number;
  readonly ms: number;
  readonly note: string;
}

interface Curve {
  readonly name: string;
  readonly description: string;
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly yTitle: string;
  readonly rows: readonly Row[];
  readonly intervals: readonly { server: string; nines: number; low: number; high: number }[];
}

/** Latency percentile curve, one line per run, as far as the messages support it; null where no run has latencies. */
export function latencyCurve(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(({ run, label }) => {
    const { expected, lost } = run.deliveries ?? { expected: 0, lost: 0 };
    return curveRows(label, run.histograms.delivery, {
      messages: run.latencyUs?.delivery.messages ?? 0,
      lostShare: expected > 0 ? lost / expected : 0,
    });
  });
  return percentileChart(runs, {
    name: 'latency-percentiles',
    description: 'Delivery latency against the share of deliveries that were at least as fast.',
    title: `Delivery latency by percentile${runs.length > 1 ? ', one line per server' : ''}`,
    subtitle: [
      'How to read it: at p99, 99 of 100 deliveries were at most this late. Flat is good; a rising right end is the tail.',
      'A line ends where the number of messages no longer supports it, or where deliveries were lost. Thick bars: 95 % intervals.',
    ],
    yTitle: 'milliseconds after the message was due',
    rows,
    intervals: runs.flatMap(intervalRows),
  });
}

/** Handshake percentile curve; null where no run has a histogram of them. Each connection is one observation of its own. */
export function handshakeCurve(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(({ run, label }) =>
    curveRows(label, run.histograms.handshake, {
      messages: run.handshakeUs?.count ?? 0,
      lostShare: run.connections.requested > 0 ? run.connections.failed / run.connections.requested : 0,
    }),
  );
  return percentileChart(runs, {
    name: 'handshake',
    description: 'Handshake time against the share of connections that were at least as fast.',
    title: 'Handshake by percentile',
    subtitle: ['From the intended connect to the parsed head of the answer, waiting under the cap included.'],
    yTitle: 'milliseconds after the intended connect',
    rows,
    intervals: [],
  });
}

function percentileChart(runs: readonly StyledRun[], curve: Curve): Chart | null {
  const { name, description, title, subtitle, yTitle, rows, intervals } = curve;
  if (rows.length === 0) return null;
  const scale = yScale(rows, intervals);
  const { color, strokeDash, opacity } = runScales(runs);
  return {
    name,
    description,
    spec: {
      $schema: SCHEMA_URL,
      title: { text: title, subtitle: [...subtitle] },
      width: plotWidthBeside(runs.map(({ label }) => label)),
      height: PLOT_HEIGHT,
      config: CHART_CONFIG,
      data: { values: [...rows] },
      encoding: {
        x: percentileAxis(rows),
        y: {
          field: 'ms',
          type: 'quantitative',
          scale: { type: scale.log ? 'log' : 'linear', domain: [scale.low, scale.high], nice: false },
          axis: {
            title: `${yTitle}${scale.log ? ' (log scale)' : ''}`,
            labelExpr: PLAIN_LABELS,
            ...(scale.log ? { values: decades([scale.low, scale.high]) } : { tickCount: 5 }),
          },
        },
      },
      layer: [
        { mark: { type: 'line' }, encoding: { color, strokeDash, opacity } },
        {
          mark: { type: 'point', size: 60, opacity: 0, filled: true },
          encoding: { description: { field: 'note' } },
        },
        {
          data: { values: [...intervals] },
          mark: { type: 'rule', strokeWidth: 5, opacity: 0.4 },
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
        },
        {
          data: { values: endLabels(rows, scale) },
          mark: { type: 'text', align: 'left', dx: 8 },
          encoding: {
            text: { field: 'text', type: 'nominal' },
            y: { field: 'at', type: 'quantitative', scale: null, axis: null },
          },
        },
      ],
    },
  };
}

function percentileAxis(rows: readonly Row[]) {
  return {
    field: 'nines',
    type: 'quantitative' as const,
    scale: {
      type: 'log' as const,
      domain: [1, Math.max(100, ...rows.map(({ nines }) => nines))],
      nice: false,
    },
    axis: {
      title: 'percentile (log scale of 1/(1−q))',
      values: [1, 2, 10, 20, 100, 1000, 10_000, 100_000],
      labelExpr:
        "datum.value == 1 ? 'min' : datum.value == 20 ? 'p95' : datum.value == 2 ? 'p50' : 'p' + format(100 - 100 / datum.value, '~r')",
      grid: true,
    },
  };
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

/** Linear from zero, unless the ends of the lines lie more than thirty times apart. */
function yScale(rows: readonly Row[], intervals: Curve['intervals']): Scale {
  const ends = [...new Map(rows.map((row) => [row.server, row.ms])).values()];
  const high = Math.max(...rows.map(({ ms }) => ms), ...intervals.map((interval) => interval.high));
  const smallest = Math.min(...rows.map(({ ms }) => ms));
  if (Math.max(...ends) <= 30 * Math.min(...ends) || smallest <= 0) {
    return { low: 0, high: high * 1.05 || 1, log: false };
  }
  return { low: 10 ** Math.floor(Math.log10(smallest)), high: high * 1.3, log: true };
}

function endLabels(rows: readonly Row[], { low, high, log }: Scale) {
  const on = (value: number) => (log ? Math.log10(value) : value);
  const ends = new Map(rows.map((row) => [row.server, row]));
  const labels = [...ends.values()].map(({ server, ms }) => ({
    text: server,
    y: PLOT_HEIGHT * (1 - (on(ms) - on(low)) / (on(high) - on(low))),
  }));
  return spreadLabels(labels, 15, PLOT_HEIGHT).map(({ text, y }) => ({
    text,
    at: y,
    nines: ends.get(text)?.nines ?? 1,
  }));
}

function curveRows(
  server: string,
  base64: string | null,
  options: { readonly messages: number; readonly lostShare: number },
): Row[] {
  if (!base64) return [];
  return quantileCurve(decodeHistogram(base64), options).map(({ quantile, valueUs }) => ({
    server,
    nines: 1 / (1 - quantile),
    ms: valueUs / 1000,
    note: `${server}: p${significant(quantile * 100, 5)} ${formatUs(valueUs)}`,
  }));
}

/** A percentile that the messages do not support has no place on the axis, so neither has its interval. */
function intervalRows({ run, label }: StyledRun) {
  const stats = run.latencyUs?.delivery;
  return PERCENTILES.flatMap((percentile) => {
    const { key, quantile } = percentile;
    const interval = run.latencyIntervalsUs?.[key];
    if (!stats || !interval || !isSupported(stats, percentile)) return [];
    return [
      { server: label, nines: 1 / (1 - quantile), low: interval.low / 1000, high: interval.high / 1000 },
    ];
  });
}
