import { AXIS_WIDTH, PAGE_WIDTH, PLOT_WIDTH } from './theme.ts';

/** Width of a character over its size, on average over the system fonts that charts are shown in, a little on the safe side. */
const CHARACTER = 0.56;
const VEGA_CHARACTER = 0.8;
/** Between the end of a line and its label, and at the page's edge. */
const GAPS = 24;

/** About how wide a text is, pixels. */
export function textWidth(text: string, fontSize = 12): number {
  return Math.ceil(text.length * CHARACTER * fontSize);
}

/** Width of a plot with these labels at its right, so that the longest still stands on the page; never wider than usual. */
export function plotWidthBeside(labels: readonly string[]): number {
  const longest = Math.max(0, ...labels.map((label) => textWidth(label)));
  return Math.max(PLOT_WIDTH / 2, Math.min(PLOT_WIDTH, PAGE_WIDTH - AXIS_WIDTH - GAPS - longest));
}

/**
 * Width for the labels at the left of rows, as Vega lays them out: without a canvas it takes a character for 0.8 of its size,
 * and whatever has less room than that is cut short or moved.
 */
export function rowLabelWidth(labels: readonly string[], least: number): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.min(0.4 * PAGE_WIDTH, Math.max(least, Math.ceil(longest * VEGA_CHARACTER * 12) + 12));
}
