/**
 * Colours of every chart, table and diagram. A chart's specification uses the light value, so that it opens right in any
 * Vega viewer; in an SVG each is replaced by its CSS variable, so that one drawing serves light and dark.
 * Every light value is unique: the replacement depends on it.
 */
export interface Colour {
  readonly variable: string;
  readonly light: string;
  readonly dark: string;
}

const colour = (variable: string, light: string, dark: string): Colour => ({ variable, light, dark });

export const INK = colour('--ink', '#1c1d21', '#e9e9ec');
export const MUTED = colour('--muted', '#62656d', '#a2a5ad');
export const FAINT = colour('--faint', '#9b9ea6', '#70737b');
export const GRID = colour('--grid', '#e4e5e9', '#303238');
export const PAPER = colour('--paper', '#fefefe', '#16171a');
/** Claims of others: always grey and dashed. */
export const CLAIM = colour('--claim', '#8a8d95', '#868992');
export const SUSPECT = colour('--suspect', '#9a6200', '#f0b13c');
export const INVALID = colour('--invalid', '#b3261e', '#ff8a80');
export const VALID = colour('--valid', '#1b6e4b', '#6fcf9f');

/** Okabe and Ito's palette, one colour per stage; the dark values are the same hues, lighter. */
const STAGES: Readonly<Record<string, Colour>> = {
  poll: colour('--poll', '#b87a00', '#e8a92b'),
  sse: colour('--sse', '#0072b2', '#4aa8e0'),
  ws: colour('--ws', '#009e73', '#2fc79c'),
  'ws-cluster': colour('--ws-cluster', '#56b4e9', '#8fd0f5'),
  grpc: colour('--grpc', '#cc79a7', '#e29bc2'),
  gateway: colour('--gateway', '#d55e00', '#f08a45'),
};

/** Colour of a server that is no stage of ours: a user's own. */
const OTHER = colour('--own', '#3d4f7c', '#a9b8e8');

export function stageColour(stage: string): Colour {
  return STAGES[stage] ?? OTHER;
}

export const COLOURS: readonly Colour[] = [
  INK,
  MUTED,
  FAINT,
  GRID,
  PAPER,
  CLAIM,
  SUSPECT,
  INVALID,
  VALID,
  OTHER,
  ...Object.values(STAGES),
];

/** CSS declarations of all variables in one theme. */
export function cssVariables(theme: 'light' | 'dark'): string {
  return COLOURS.map((entry) => `${entry.variable}:${entry[theme]}`).join(';');
}

/** Replaces every colour of the palette in an SVG by its variable. */
export function withVariables(svg: string): string {
  return COLOURS.reduce(
    (text, entry) => text.replaceAll(`"${entry.light}"`, `"var(${entry.variable})"`),
    svg,
  );
}
