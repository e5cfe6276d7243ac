import type { Chart, StyledRun } from '../../charts/chart.ts';
import { rowLabelWidth } from '../../charts/labelRoom.ts';
import { runScales } from '../../charts/lines.ts';
import { rowAxis } from '../../charts/rowAxis.ts';
import { CHART_CONFIG, PAGE_WIDTH, SCHEMA_URL } from '../../charts/theme.ts';
import { INK, MUTED } from '../../palette.ts';
import type { Estimate } from '../estimate.ts';
import type { Figure } from '../figures.ts';
import { formatRange } from '../formatRange.ts';

/** Bars of one metric, a bar per server. */
export interface BarPanel {
  /** Lines above the bars, short enough for their width. */
  readonly title: string | string[];
  readonly figures: readonly Figure[];
}

export interface BarChart {
  readonly name: string;
  readonly description: string;
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly panels: readonly BarPanel[];
}

const LEAST_LABELS_WIDTH = 170;
const GAP = 34;
/** Room at the right of the longest bar for its value, as a share of its length. */
const VALUE_ROOM = 0.5;
const BAR_HEIGHT = 26;

/** Horizontal bars from zero with their intervals, metrics beside each other; null where no panel has two servers. */
export function intervalBars(looks: readonly StyledRun[], chart: BarChart): Chart | null {
  const panels = chart.panels.filter(({ figures }) => figures.length > 1);
  if (panels.length === 0) return null;
  const labels = rowLabelWidth(
    looks.map(({ label }) => label),
    LEAST_LABELS_WIDTH,
  );
  const width = (PAGE_WIDTH - labels - 24) / Math.max(2, panels.length) - GAP;
  return {
    name: chart.name,
    description: chart.description,
    spec: {
      $schema: SCHEMA_URL,
      title: { text: chart.title, subtitle: [...chart.subtitle], dx: 0, frame: 'bounds' },
      config: { ...CHART_CONFIG, concat: { spacing: GAP } },
      // Texts are measured too wide where there is no screen: without this they would push the plots apart.
      bounds: 'flush',
      hconcat: panels.map((panel, i) => panelSpec(panel, looks, { width, labels: i === 0 ? labels : null })),
    },
  };
}

function panelSpec(
  { title, figures }: BarPanel,
  looks: readonly StyledRun[],
  { width, labels: room }: { readonly width: number; readonly labels: number | null },
) {
  const rows = looks.map(({ label }) =>
    rowOf(
      label,
      figures.find(({ group }) => group.label === label),
    ),
  );
  const longest = Math.max(...rows.map(({ end }) => end));
  // A slope lost in noise can be negative: its bar then grows to the left of zero.
  const lowest = Math.min(0, ...rows.map(({ low, value }) => Math.min(low ?? 0, value)));
  const { color, opacity } = runScales(looks);
  const labels = looks.map(({ label }) => label);
  const text = { align: 'left' as const, baseline: 'middle' as const, dx: 7 };
  return {
    title: {
      text: title,
      fontSize: 12.5,
      fontWeight: 'normal' as const,
      color: MUTED.light,
      dx: 0,
      offset: 8,
    },
    width,
    height: { step: BAR_HEIGHT },
    data: { values: rows },
    encoding: {
      y: {
        field: 'server',
        type: 'nominal' as const,
        scale: { domain: labels },
        axis: room !== null ? rowAxis(room) : null,
      },
      x: {
        field: 'value',
        type: 'quantitative' as const,
        scale: { domain: [lowest, longest + (longest - lowest) * VALUE_ROOM || 1], nice: false },
        axis: null,
      },
    },
    layer: [
      {
        mark: { type: 'bar' as const, height: 13 },
        encoding: { color, opacity, description: { field: 'note' } },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule' as const, strokeWidth: 1.5, color: INK.light },
        encoding: { x: { field: 'low', type: 'quantitative' as const }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'text' as const, ...text, fontSize: 12 },
        encoding: {
          x: { field: 'end', type: 'quantitative' as const },
          text: { field: 'text', type: 'nominal' as const },
        },
      },
    ],
  };
}

function rowOf(server: string, figure: Figure | undefined) {
  if (!figure)
    return { server, value: 0, low: null, high: null, end: 0, text: '–', note: `${server}: not measured` };
  const { metric, estimate } = figure;
  const { low, high } = drawable(estimate);
  const text = metric.format(estimate.value);
  const ends = estimate.interval ? formatRange(estimate.interval, metric.format, ' to ') : null;
  const range = ends ? `, ${ends}` : '';
  return {
    server,
    value: estimate.value,
    low,
    high,
    end: Math.max(high ?? 0, estimate.value),
    text,
    note: `${server}: ${text}${range}`,
  };
}

/** An end that is not known is not drawn. */
export function drawable({ value, interval }: Estimate): { low: number | null; high: number | null } {
  if (!interval) return { low: null, high: null };
  return { low: interval.low, high: Number.isFinite(interval.high) ? interval.high : value };
}
