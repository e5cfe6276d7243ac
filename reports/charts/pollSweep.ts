import { formatRateOf, formatUs, significant } from '../numbers.ts';
import { CLAIM } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { spreadLabels } from './spreadLabels.ts';
import {
  CHART_CONFIG,
  COUNT_LABELS,
  decades,
  PLAIN_LABELS,
  PLOT_HEIGHT,
  PLOT_WIDTH,
  SCHEMA_URL,
} from './theme.ts';

const WIDTH = PLOT_WIDTH - 60;
const HEIGHT = PLOT_HEIGHT * 1.2;

/** Server CPU over polls per second on log scales, beside the claimed square; null where nothing was swept. */
export function pollSweep(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(rowsOf);
  const first = rows[0];
  if (!first) return null;
  const rates = rows.map(({ polls }) => polls);
  const x = { low: Math.min(...rates) / 1.15, high: Math.max(...rates) * 1.15 };
  const ticks = decades(rows.map(({ cores }) => cores));
  const [low, high] = [ticks[0] ?? 0.01, ticks.at(-1) ?? 10];
  const claim = claimLine(rows, high, x.high);
  const claimed = 'claimed: the square';
  const y = {
    field: 'cores',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: [low, high] as [number, number], nice: false, clamp: true },
    axis: { title: 'cores in use by the server (log scale)', values: ticks, labelExpr: PLAIN_LABELS },
  };
  return {
    name: 'poll-sweep',
    description: 'Server CPU at growing polls per second for each variant, and a line of the claimed square.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'Server CPU against polls per second',
        subtitle: [
          'The same clients at shorter intervals, nothing new to tell; CPU of the idle server taken off. On log scales a power law is a line and its slope the exponent.',
          'Grey, dashed: how steep the claimed square would be, from the middle of our lowest points on.',
        ],
      },
      width: WIDTH,
      height: HEIGHT,
      config: CHART_CONFIG,
      data: { values: rows },
      encoding: { x: xAxis(rows, x) },
      layer: [
        {
          data: { values: claim },
          mark: { type: 'line', color: CLAIM.light, strokeDash: [4, 3], strokeWidth: 1.5, clip: true },
          encoding: { y },
        },
        { mark: { type: 'line', strokeWidth: 1.5 }, encoding: { y, ...runScales(runs) } },
        {
          mark: { type: 'point', filled: true, size: 50, opacity: 1 },
          encoding: { y, color: runScales(runs).color, description: { field: 'note' } },
        },
        {
          data: { values: endLabels(rows, [low, high]) },
          mark: { type: 'text', align: 'left', dx: 10 },
          encoding: {
            text: { field: 'text', type: 'nominal' },
            y: { field: 'at', type: 'quantitative', scale: null, axis: null },
          },
        },
        {
          data: { values: claim.slice(-1) },
          mark: { type: 'text', align: 'right', dx: -8, dy: 4, color: CLAIM.light, text: claimed },
          encoding: { y },
        },
      ],
    },
  };
}

function xAxis(rows: readonly Row[], { low, high }: { readonly low: number; readonly high: number }) {
  return {
    field: 'polls',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: [low, high] as [number, number], nice: false },
    axis: {
      title: 'polls per second (log scale)',
      // The rates that were measured, rounded: a sweep has few, and decades would leave the axis bare.
      values: [...new Set(rows.map(({ polls }) => Number(polls.toPrecision(2))))],
      labelExpr: COUNT_LABELS,
      grid: true,
    },
  };
}

/** From the middle of the lowest points upwards, to the edge of the plot. */
function claimLine(rows: readonly Row[], highestCores: number, highestPolls: number) {
  const lowest = Math.min(...rows.map(({ polls }) => polls));
  const starts = rows.filter(({ polls }) => polls < lowest * 1.1).map(({ cores }) => cores);
  const cores = Math.exp(starts.reduce((sum, value) => sum + Math.log(value), 0) / starts.length);
  const end = Math.min(highestPolls, lowest * Math.sqrt(highestCores / cores));
  return [
    { polls: lowest, cores },
    { polls: end, cores: cores * (end / lowest) ** 2 },
  ];
}

function endLabels(rows: readonly Row[], [low, high]: readonly [number, number]) {
  const ends = new Map<string, Row>();
  for (const row of rows) if (row.polls > (ends.get(row.server)?.polls ?? 0)) ends.set(row.server, row);
  const pixel = (cores: number) =>
    HEIGHT * (1 - (Math.log10(cores) - Math.log10(low)) / (Math.log10(high) - Math.log10(low)));
  const polls = Math.max(...rows.map((row) => row.polls));
  return spreadLabels(
    [...ends.values()].map(({ server, cores, exponent }) => ({
      text: `${server}${exponent}`,
      y: pixel(cores),
    })),
    15,
    HEIGHT,
  ).map(({ text, y }) => ({ text, at: y, polls }));
}

interface Row {
  readonly server: string;
  readonly polls: number;
  readonly cores: number;
  readonly exponent: string;
  readonly note: string;
}

function rowsOf({ run, label }: StyledRun): Row[] {
  const sweep = run.articlePoll?.sweep ?? [];
  const fit = run.articlePoll?.exponent;
  const idle = sweep.find(({ pollsPerSecond }) => pollsPerSecond === 0)?.cpuCores ?? 0;
  return sweep.flatMap(({ pollsPerSecond: polls, cpuCores, p99RoundTripUs }) => {
    if (polls === 0 || cpuCores === null || cpuCores <= idle) return [];
    const trip = p99RoundTripUs === null ? '' : `, round trip p99 ${formatUs(p99RoundTripUs)}`;
    const note = `${label}: ${significant(cpuCores)} cores at ${formatRateOf(polls, 'polls')}${trip}`;
    return [
      {
        server: label,
        polls,
        cores: cpuCores - idle,
        exponent: fit ? `, exponent ${fit.value.toFixed(2)}` : '',
        note,
      },
    ];
  });
}
