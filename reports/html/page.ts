import { FLAME_SCRIPT } from '../flame/flameScript.ts';
import { areaVariables } from '../flame/frameArea.ts';
import { headline } from '../headline.ts';
import { Html, html } from './escape.ts';
import { articleSection } from './sections/article.ts';
import { busSection } from './sections/bus.ts';
import { ceilingSection } from './sections/ceiling.ts';
import { conditionsSection } from './sections/conditions.ts';
import { costSection } from './sections/cost.ts';
import { definitionsSection } from './sections/definitions.ts';
import { deliveriesSection } from './sections/deliveries.ts';
import { encodingsSection } from './sections/encodings.ts';
import { faultSection } from './sections/fault.ts';
import { findingSection } from './sections/finding.ts';
import { howFastSection } from './sections/howFast.ts';
import { keyFigures } from './sections/keyFigures.ts';
import { memorySection } from './sections/memory.ts';
import { pollingSection } from './sections/polling.ts';
import { profileSection } from './sections/profile.ts';
import { validitySection } from './sections/validity.ts';
import { STYLE } from './style.ts';
import { TOOLTIP_SCRIPT } from './tooltipScript.ts';
import type { ReportView } from './view.ts';

const AREA_STYLE = `:root{${areaVariables('light')}}@media (prefers-color-scheme:dark){:root{${areaVariables('dark')}}}@media print{:root{${areaVariables('light')}}}`;

/** Sections in the order of the questions that a reader asks. */
const SECTIONS: readonly ((view: ReportView) => Html | null)[] = [
  findingSection,
  keyFigures,
  articleSection,
  validitySection,
  faultSection,
  ceilingSection,
  howFastSection,
  pollingSection,
  deliveriesSection,
  busSection,
  memorySection,
  costSection,
  encodingsSection,
  profileSection,
  conditionsSection,
  definitionsSection,
];

/** The whole report: one file that opens from disk, asks no network for anything, and can be printed. */
export function renderPage(view: ReportView): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${headline(view.result)}</title>
<style>${new Html(STYLE + AREA_STYLE)}</style></head>
<body>${SECTIONS.map((make) => make(view))}
<div class="tip" role="status" hidden></div>
<script>${new Html(TOOLTIP_SCRIPT + FLAME_SCRIPT)}</script></body></html>
`;
  return page.text;
}
