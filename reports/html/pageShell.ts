import { FLAME_SCRIPT } from '../flame/flameScript.ts';
import { areaVariables } from '../flame/frameArea.ts';
import { Html, html } from './escape.ts';
import { STYLE } from './style.ts';
import { TOOLTIP_SCRIPT } from './tooltipScript.ts';

const AREA_STYLE = `:root{${areaVariables('light')}}@media (prefers-color-scheme:dark){:root{${areaVariables('dark')}}}@media print{:root{${areaVariables('light')}}}`;

export interface PageParts {
  readonly title: string;
  /** Style beyond that of every page. */
  readonly style?: string;
  readonly sections: readonly (Html | null)[];
}

/** A page around its sections: one file that opens from disk, asks no network for anything, and can be printed. */
export function pageShell({ title, style = '', sections }: PageParts): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Html(STYLE + AREA_STYLE + style)}</style></head>
<body>${sections}
<div class="tip" role="status" hidden></div>
<script>${new Html(TOOLTIP_SCRIPT + FLAME_SCRIPT)}</script></body></html>
`;
  return page.text;
}
