import { parse, type Spec, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { cssVariables, withVariables } from '../palette.ts';
import { PAGE_WIDTH } from './theme.ts';

/** Renders a specification to SVG whose colours are CSS variables of the page around it. No network, no canvas. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const compiled: Spec = compile(spec).spec;
  const view = new View(parse(compiled), { renderer: 'none' });
  try {
    return responsive(withVariables(await view.toSVG()));
  } finally {
    view.finalize();
  }
}

/**
 * A drawing as wide as the page's column that shrinks with it. Without a canvas, Vega guesses the width of text and guesses
 * high: its own width would shrink every chart by another factor.
 */
function responsive(svg: string): string {
  return svg.replace(
    /<svg ([^>]*?)width="[^"]*" height="([^"]*)" viewBox="[^"]*"/,
    `<svg $1width="${PAGE_WIDTH}" height="$2" viewBox="0 0 ${PAGE_WIDTH} $2" style="max-width:100%;height:auto"`,
  );
}

/** The same drawing as a file of its own: it carries the values of the variables for light and dark. */
export function standaloneSvg(svg: string): string {
  const style = `<style>:root{${cssVariables('light')};background:var(--paper)}@media(prefers-color-scheme:dark){:root{${cssVariables('dark')}}}</style>`;
  return svg.replace(/(<svg[^>]*>)/, `$1${style}`);
}
