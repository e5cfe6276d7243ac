import type { TopLevelSpec } from 'vega-lite';
import type { StyledRun } from './chart.ts';
import { spreadLabels } from './spreadLabels.ts';
import {
  CHART_CONFIG,
  COUNT_LABELS,
  decades,
  LOW_HEIGHT,
  PLAIN_LABELS,
  PLOT_HEIGHT,
  PLOT_WIDTH,
} from './theme.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>;
type Layer = LayerSpec['layer'];

export interface MultipleRow {
  readonly server: string;
  readonly series: string;
  readonly x: number;
  readonly y: number;
  /** Exact value, for the tooltip. */
  readonly note: string;
}

/** A chart over time, drawn once per run: one plot, or rows of lower ones that share their axes. */
export interface Multiple {
  readonly title: string;
  readonly subtitle: string | string[];
  readonly rows: readonly MultipleRow[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly log?: boolean;
  /** Reads better as 20k than as 20,000. */
  readonly bigNumbers?: boolean;
  /** Marks of the series; x and y are given. */
  readonly layer: Layer;
}

/** The parts of a specification that all charts over time share. */
export function smallMultiples(runs: readonly StyledRun[], multiple: Multiple) {
  const many = runs.length > 1;
  const height = many ? LOW_HEIGHT : PLOT_HEIGHT * 0.85;
  const scale = yScale(multiple);
  const plot = {
    width: PLOT_WIDTH,
    height,
    encoding: axes(multiple, many, scale),
    layer: [...multiple.layer.map(ofRows), ofRows(tooltipLayer()), labelLayer()],
  };
  const subtitle = [multiple.subtitle].flat();
  const shared = {
    title: { text: multiple.title, subtitle: many ? [...subtitle, `Axis: ${multiple.yTitle}.`] : subtitle },
    config: CHART_CONFIG,
    data: { values: [...multiple.rows, ...labelRows(multiple.rows, height, scale)] },
  };
  if (!many) return { ...shared, ...plot };
  const facet = {
    row: {
      field: 'server',
      type: 'nominal' as const,
      sort: runs.map(({ label }) => label),
      header: { labelOrient: 'top' as const, title: null },
    },
  };
  return { ...shared, facet, spec: plot, spacing: 16 };
}

interface YScale {
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

function yScale({ rows, log }: Multiple): YScale {
  const values = rows.map(({ y }) => y);
  if (!log) return { domain: [0, Math.max(...values) * 1.08 || 1], log: false };
  const ticks = decades(values);
  return { domain: [ticks[0] ?? 1, ticks.at(-1) ?? 10], log: true };
}

function axes(multiple: Multiple, many: boolean, { domain, log }: YScale) {
  return {
    x: {
      field: 'x',
      type: 'quantitative' as const,
      scale: { nice: false, zero: false },
      axis: { title: multiple.xTitle, labelExpr: PLAIN_LABELS, tickCount: 10 },
    },
    y: {
      field: 'y',
      type: 'quantitative' as const,
      scale: { type: log ? ('log' as const) : ('linear' as const), domain: [...domain], nice: false },
      axis: {
        title: many ? null : multiple.yTitle,
        labelExpr: multiple.bigNumbers ? COUNT_LABELS : PLAIN_LABELS,
        ...(log ? { values: decades([...domain]) } : { tickCount: many ? 2 : 5 }),
      },
    },
  };
}

/** Invisible points that carry the exact value of each mark. */
function tooltipLayer(): Layer[number] {
  return {
    mark: { type: 'point', size: 40, opacity: 0, filled: true },
    encoding: { description: { field: 'note' } },
  };
}

/** Rows and labels share one data set, since only that is split into facets: marks of rows leave labels out. */
function ofRows(layer: Layer[number]): Layer[number] {
  return { ...layer, transform: [{ filter: '!isValid(datum.text)' }, ...(layer.transform ?? [])] };
}

function labelLayer(): Layer[number] {
  return {
    transform: [{ filter: 'isValid(datum.text)' }],
    mark: { type: 'text', align: 'left', dx: 7 },
    encoding: {
      text: { field: 'text', type: 'nominal' },
      y: { field: 'at', type: 'quantitative', scale: null, axis: null },
    },
  };
}

/** Direct labels at the right ends of the lines, moved apart where lines end close together. */
function labelRows(rows: readonly MultipleRow[], height: number, scale: YScale) {
  const ends = new Map<string, MultipleRow>();
  for (const row of rows) {
    const key = `${row.server}\n${row.series}`;
    if (row.x >= (ends.get(key)?.x ?? Number.NEGATIVE_INFINITY)) ends.set(key, row);
  }
  const right = Math.max(...rows.map(({ x }) => x));
  const servers = [...new Set(rows.map(({ server }) => server))];
  return servers.flatMap((server) => {
    const own = [...ends.values()].filter((row) => row.server === server);
    const labels = own.map(({ series, y }) => ({ text: series, y: pixelOf(y, height, scale) }));
    return spreadLabels(labels, 14, height).map(({ text, y }) => ({ server, text, at: y, x: right }));
  });
}

function pixelOf(value: number, height: number, { domain, log }: YScale): number {
  const on = (x: number) => (log ? Math.log10(Math.max(x, Number.MIN_VALUE)) : x);
  const [low, high] = domain;
  return height * (1 - (on(value) - on(low)) / (on(high) - on(low)));
}
