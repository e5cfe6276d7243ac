import type { TopLevelSpec } from 'vega-lite';
import { INK } from '../palette.ts';
import type { StyledRun } from './chart.ts';
import { CHART_CONFIG, PLOT_HEIGHT, PLOT_WIDTH } from './theme.ts';

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>;
type Layer = LayerSpec['layer'];

/** A chart over time, drawn once per run: one plot, or rows of lower ones that share their axes. */
export interface Multiple {
  readonly title: string;
  readonly subtitle: string | string[];
  /** Each with `server`, the x and y field, the label field and a `note` for the tooltip. */
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly x: { readonly field: string; readonly title: string };
  readonly y: { readonly field: string; readonly title: string; readonly log?: boolean };
  readonly layer: Layer;
  /** Field whose value is written at the right end of each line. */
  readonly labelField: string;
  readonly labelColour?: string;
}

/** The parts of a specification that all charts over time share. */
export function smallMultiples(runs: readonly StyledRun[], multiple: Multiple) {
  const many = runs.length > 1;
  const plot = {
    width: PLOT_WIDTH,
    height: many ? 90 : PLOT_HEIGHT * 0.8,
    encoding: axes(multiple, many),
    layer: [...multiple.layer, tooltipLayer(), endLabels(multiple)],
  };
  const shared = {
    title: { text: multiple.title, subtitle: multiple.subtitle },
    config: CHART_CONFIG,
    data: { values: [...multiple.rows] },
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
  return { ...shared, facet, spec: plot, spacing: 14 };
}

function axes(multiple: Multiple, many: boolean) {
  return {
    x: {
      field: multiple.x.field,
      type: 'quantitative' as const,
      scale: { nice: false },
      axis: { title: multiple.x.title, format: '~g', tickMinStep: 1 },
    },
    y: {
      field: multiple.y.field,
      type: 'quantitative' as const,
      scale: multiple.y.log ? { type: 'log' as const } : { zero: true },
      axis: { title: multiple.y.title, format: '~s', tickCount: many ? 3 : 5 },
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

function endLabels(multiple: Multiple): Layer[number] {
  const { x, labelField } = multiple;
  return {
    transform: [
      {
        window: [{ op: 'row_number', as: 'fromRight' }],
        sort: [{ field: x.field, order: 'descending' }],
        groupby: [...new Set(['server', labelField])],
      },
      { filter: 'datum.fromRight == 1' },
    ],
    mark: { type: 'text', align: 'left', dx: 7, color: multiple.labelColour ?? INK.light },
    encoding: { text: { field: labelField } },
  };
}
