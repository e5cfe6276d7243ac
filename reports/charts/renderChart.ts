import { parse, type Spec, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { cssVariables, withVariables } from '../palette.ts';

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

/** A drawing that shrinks with its column, and never grows beyond its own size. */
function responsive(svg: string): string {
  return svg.replace(
    /<svg ([^>]*?)width="(\d+(?:\.\d+)?)" height="[^"]*"/,
    '<svg $1width="$2" style="max-width:100%;height:auto"',
  );
}

/** The same drawing as a file of its own: it carries the values of the variables for light and dark. */
export function standaloneSvg(svg: string): string {
  const style = `<style>:root{${cssVariables('light')};background:var(--paper)}@media(prefers-color-scheme:dark){:root{${cssVariables('dark')}}}</style>`;
  return svg.replace(/(<svg[^>]*>)/, `$1${style}`);
}
