import type { Config } from 'vega-lite';
import { FAINT, GRID, INK, MUTED } from '../palette.ts';

/** The column of the page, which every chart fills. */
export const PAGE_WIDTH = 1000;
/** Width of a chart's plot in pixels: with axis and direct labels it fills the page's column of 1,000. */
export const PLOT_WIDTH = 830;
export const PLOT_HEIGHT = 240;
/** Height of one plot among several that share their axes. */
export const LOW_HEIGHT = 84;
/** Room for the labels of the y axis, the same in every chart, so that the plots of a page stand below each other. */
export const AXIS_WIDTH = 52;

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** One look for all charts: thin grid, no frame, titles at the start, text in ink. */
export const CHART_CONFIG: Config = {
  font: FONT,
  background: 'transparent',
  padding: { left: 2, top: 2, right: 12, bottom: 2 },
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    dx: -AXIS_WIDTH,
    fontSize: 15,
    fontWeight: 600,
    color: INK.light,
    subtitleColor: MUTED.light,
    subtitleFontSize: 12.5,
    subtitlePadding: 5,
    subtitleLineHeight: 17,
    offset: 16,
  },
  axis: {
    labelColor: MUTED.light,
    titleColor: MUTED.light,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    gridColor: GRID.light,
    domainColor: FAINT.light,
    tickColor: FAINT.light,
    gridWidth: 1,
    labelPadding: 7,
    titlePadding: 8,
  },
  axisY: {
    domain: false,
    ticks: false,
    minExtent: AXIS_WIDTH,
    maxExtent: AXIS_WIDTH,
    titleAngle: 0,
    titleAlign: 'left',
    titleAnchor: 'end',
    titleY: -12,
    titleX: -AXIS_WIDTH,
  },
  axisX: { grid: false },
  line: { strokeWidth: 2, strokeJoin: 'round' },
  text: { fontSize: 12, color: INK.light },
  header: {
    labelColor: INK.light,
    labelFontSize: 12.5,
    labelFontWeight: 600,
    title: null,
    labelAnchor: 'start',
    labelPadding: 6,
  },
  legend: { disable: true },
};

export const SCHEMA_URL = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Axis labels that never read "0k" or "4e+1": `1.5k`, `20M`, `0.1`. */
export const COUNT_LABELS =
  "datum.value == 0 ? '0' : abs(datum.value) >= 1000 ? format(datum.value, '~s') : format(datum.value, '~r')";
export const PLAIN_LABELS = "datum.value == 0 ? '0' : format(datum.value, ',~r')";

/** Whole powers of ten that span the values: the only grid lines of a log axis. */
export function decades(values: readonly number[]): number[] {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [1];
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.ceil(Math.log10(Math.max(...positive)));
  return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
}
