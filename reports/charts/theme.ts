import type { Config } from 'vega-lite';
import { FAINT, GRID, INK, MUTED } from '../palette.ts';

/** Width of a chart's plot in pixels: with axis and labels it fills the page's column of 1,000. */
export const PLOT_WIDTH = 800;
export const PLOT_HEIGHT = 250;

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** One look for all charts: thin grid, no frame, titles at the start, text in ink. */
export const CHART_CONFIG: Config = {
  font: FONT,
  background: 'transparent',
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 15,
    fontWeight: 600,
    color: INK.light,
    subtitleColor: MUTED.light,
    subtitleFontSize: 12.5,
    subtitlePadding: 4,
    offset: 14,
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
    labelPadding: 6,
    titlePadding: 8,
  },
  axisY: {
    domain: false,
    ticks: false,
    titleAngle: 0,
    titleAlign: 'left',
    titleAnchor: 'end',
    titleY: -10,
    titleX: 0,
  },
  axisX: { grid: false },
  line: { strokeWidth: 2, strokeJoin: 'round' },
  text: { fontSize: 12 },
  header: {
    labelColor: INK.light,
    labelFontSize: 12.5,
    labelFontWeight: 600,
    title: null,
    labelAnchor: 'start',
  },
  legend: { disable: true },
};

export const SCHEMA_URL = 'https://vega.github.io/schema/vega-lite/v6.json';
