import type { FaultFigures } from '../../contract/result.ts';
import { formatCount, formatUs } from '../numbers.ts';
import { INVALID, MUTED, VALID } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { secondNote } from './secondBacking.ts';
import { spreadLabels } from './spreadLabels.ts';
import {
  CHART_CONFIG,
  COUNT_LABELS,
  decades,
  LOW_HEIGHT,
  PLAIN_LABELS,
  PLOT_HEIGHT,
  PLOT_WIDTH,
  SCHEMA_URL,
} from './theme.ts';

const SERIES = ['p50', 'p99', 'max'] as const;
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
];
/** A second is drawn at its middle: the lines of the fault and the recovery stand at their very moments. */
const MIDDLE = 0.5;
/** More runs than this would be a wall of plots: the tables hold them all. */
const MOST_RUNS = 6;

type Broken = StyledRun & { readonly fault: FaultFigures };

/** Latency and open connections by second, the fault and the recovery marked; null where nothing was broken. */
export function faultOverTime(runs: readonly StyledRun[]): Chart | null {
  const broken = runs.flatMap((styled) => (styled.run.fault ? [{ ...styled, fault: styled.run.fault }] : []));
  const shown = broken.filter(({ run }) => latencyRows(run.timeline).length > 0).slice(0, MOST_RUNS);
  if (shown.length === 0) return null;
  const few = secondNote(shown.map(({ run }) => run));
  const ticks = decades(shown.flatMap(({ run }) => latencyRows(run.timeline).map(({ y }) => y)));
  const high = Math.max(1, ...shown.flatMap(({ run }) => run.timeline.map((s) => s.connections ?? 0)));
  return {
    name: 'fault-over-time',
    description:
      'Delivery latency and open connections in each second, with the fault and the recovery marked.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'The fault and the recovery',
        dx: -64,
        subtitle: [
          'Above: delivery latency by the second in which a message was due, milliseconds (log scale).',
          'Below: open files of the server, one per connection and a few more. Upright lines: the fault, and when the last connection was back.',
          ...(few === null ? [] : [few]),
        ],
      },
      config: CHART_CONFIG,
      spacing: 12,
      vconcat: shown.flatMap((styled, i) => [
        latencyPlot(styled, ticks, shown.length > 1),
        connectionsPlot(styled, high * 1.08, i === shown.length - 1),
      ]),
    },
  };
}

function latencyPlot(styled: Broken, ticks: readonly number[], many: boolean) {
  const { run, label, colour } = styled;
  const rows = latencyRows(run.timeline, label);
  const domain: [number, number] = [ticks[0] ?? 1, ticks.at(-1) ?? 10];
  const height = many ? LOW_HEIGHT * 1.3 : PLOT_HEIGHT * 0.75;
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain, nice: false },
    axis: { title: null, values: [...ticks], labelExpr: PLAIN_LABELS },
  };
  return {
    ...(many ? { title: { text: label, fontSize: 12.5, offset: 6 } } : {}),
    width: PLOT_WIDTH,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: 'line' as const, color: colour.light },
        encoding: {
          x: xOf(styled, false),
          y,
          strokeDash: {
            field: 'series',
            type: 'nominal' as const,
            scale: { domain: [...SERIES], range: DASHES },
            legend: null,
          },
        },
      },
      {
        data: { values: rows },
        mark: { type: 'point' as const, size: 40, opacity: 0, filled: true },
        encoding: { x: xOf(styled, false), y, description: { field: 'note' } },
      },
      {
        data: { values: endLabels(rows, domain, height) },
        mark: { type: 'text' as const, align: 'left' as const, dx: 7 },
        encoding: {
          x: xOf(styled, false),
          y: { field: 'at', type: 'quantitative' as const, scale: null, axis: null },
          text: { field: 'text' },
        },
      },
      ...marks(styled, true, false),
    ],
  };
}

function connectionsPlot(styled: Broken, high: number, withTitle: boolean) {
  const { run, label } = styled;
  const rows = run.timeline.flatMap(({ second, connections }) =>
    connections === null
      ? []
      : [
          {
            x: second + MIDDLE,
            y: connections,
            note: `${label}, second ${second}: ${formatCount(connections)} open files of the server`,
          },
        ],
  );
  const x = xOf(styled, withTitle);
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    scale: { domain: [0, high] as [number, number], nice: false },
    axis: { title: null, tickCount: 2, labelExpr: COUNT_LABELS },
  };
  return {
    width: PLOT_WIDTH,
    height: LOW_HEIGHT * 0.6,
    layer: [
      { data: { values: rows }, mark: { type: 'line' as const, color: MUTED.light }, encoding: { x, y } },
      {
        data: { values: rows },
        mark: { type: 'point' as const, size: 40, opacity: 0, filled: true },
        encoding: { x, y, description: { field: 'note' } },
      },
      ...marks(styled, false, withTitle),
    ],
  };
}

/** Seconds of all plots of one run on the same axis; only the lowest plot names it. */
function xOf({ run }: Broken, withTitle: boolean) {
  const seconds = run.timeline.map(({ second }) => second);
  return {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [Math.min(...seconds), Math.max(...seconds) + 1], nice: false, zero: false },
    axis: {
      title: withTitle ? 'seconds from the start of the measured window' : null,
      labels: withTitle,
      labelExpr: PLAIN_LABELS,
      tickCount: 10,
    },
  };
}

/** Upright lines at the fault and at the recovery, named beside them: to the left where the two would meet. */
function marks(styled: Broken, named: boolean, withTitle: boolean) {
  const { atMs, recoveredMs } = styled.fault;
  const end = 1000 * Math.max(...styled.run.timeline.map(({ second }) => second + 1));
  const points = [
    { x: atMs / 1000, text: 'fault', colour: INVALID.light, align: 'right' as const, dx: -5 },
    ...(recoveredMs === null
      ? []
      : [
          {
            x: (atMs + recoveredMs) / 1000,
            text: `recovered after ${formatUs(recoveredMs * 1000)}`,
            colour: VALID.light,
            // At the right end of the plot, the text would leave the page.
            ...(atMs + recoveredMs > 0.75 * end
              ? { align: 'right' as const, dx: -5 }
              : { align: 'left' as const, dx: 5 }),
          },
        ]),
  ];
  const x = xOf(styled, withTitle);
  return points.flatMap(({ x: at, text, colour, align, dx }) => [
    {
      data: { values: [{ x: at }] },
      mark: { type: 'rule' as const, color: colour, strokeWidth: 1.5, strokeDash: [4, 3] },
      encoding: { x },
    },
    ...(named
      ? [
          {
            data: { values: [{ x: at, text }] },
            mark: { type: 'text' as const, align, dx, y: -4, color: colour, fontWeight: 600 as const },
            encoding: { x, text: { field: 'text' } },
          },
        ]
      : []),
  ]);
}

function latencyRows(timeline: StyledRun['run']['timeline'], label = '') {
  return timeline.flatMap((second) =>
    SERIES.flatMap((series) => {
      const value = second[series];
      if (value === null || value <= 0) return [];
      const note = `${label}, second ${second.second}: ${series} ${formatUs(value)}`;
      return [{ x: second.second + MIDDLE, y: value / 1000, series, note }];
    }),
  );
}

function endLabels(
  rows: ReturnType<typeof latencyRows>,
  [low, high]: readonly [number, number],
  height: number,
) {
  const right = Math.max(...rows.map(({ x }) => x));
  const pixel = (y: number) =>
    height * (1 - (Math.log10(y) - Math.log10(low)) / (Math.log10(high) - Math.log10(low)));
  // The highest first, so that equal ones keep their order.
  const ends = SERIES.toReversed().flatMap((series) => rows.findLast((row) => row.series === series) ?? []);
  return spreadLabels(
    ends.map(({ series, y }) => ({ text: series, y: pixel(y) })),
    14,
    height,
  ).map(({ text, y }) => ({ text, at: y, x: right }));
}
