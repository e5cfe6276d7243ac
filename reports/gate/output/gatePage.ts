import type { GateMetric, GateResult, GateThreshold } from '../../../contract/gate.ts';
import type { RenderedChart } from '../../charts/allCharts.ts';
import type { DefinitionId } from '../../definitions.ts';
import { Html, html } from '../../html/escape.ts';
import { pageShell } from '../../html/pageShell.ts';
import { definitionsSection } from '../../html/sections/definitions.ts';
import { cell, term, textTable } from '../../html/table.ts';
import { conditionLines } from './gateConditions.ts';
import {
  changeText,
  figureText,
  gating,
  headlineParts,
  informing,
  medianText,
  smallestText,
  toleranceText,
} from './gateFigures.ts';
import { GATE_STYLE } from './gateStyle.ts';
import { metricDefinition } from './metricDefinition.ts';

export interface GateView {
  readonly gate: GateResult;
  readonly charts: readonly RenderedChart[];
  /** From the page, where the comparison of both sides is; null: there is none. */
  readonly comparison: string | null;
}

/** The gate as one file that opens from disk. */
export function renderGatePage(view: GateView): string {
  const { gate } = view;
  return pageShell({
    title: gate.headline,
    style: GATE_STYLE,
    sections: [
      header(view),
      settleSection(gate),
      html`<section><h2>What decided?</h2>${chart(view, 'gate-effects', 'gate-interval')}${gatingTable(gate)}</section>`,
      thresholdSection(gate.thresholds),
      driftSection(view),
      informationSection(gate),
      conditionsSection(view),
      definitionsSection(),
    ],
  });
}

function header({ gate }: GateView): Html {
  const { lead, rest } = headlineParts(gate);
  const verdicts = gating(gate).map(
    ({ label, verdict }) => html`<li>${label} <b class="verdict ${verdict ?? ''}">${verdict ?? '–'}</b></li>`,
  );
  const subject = [
    'gate',
    `${gate.head.named} against ${gate.base.named}`,
    gate.what,
    `${gate.createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${gate.tool.name} ${gate.tool.version}`,
  ];
  return html`<header><p class="quiet">${subject.join(' · ')}</p>
<h1>${lead}</h1>
${rest === '' ? null : html`<p>${rest}</p>`}
<ul class="strip">${verdicts}</ul></header>`;
}

function settleSection({ settle }: GateResult): Html | null {
  if (settle === null) return null;
  return html`<section class="settle"><p>What would settle it:</p><pre>${settle}</pre></section>`;
}

function chart({ charts }: GateView, name: string, definition: DefinitionId): Html | null {
  const drawn = charts.find((one) => one.name === name);
  if (!drawn) return null;
  return html`<figure class="chart" aria-label="${drawn.description}"><div class="scroll">${new Html(drawn.svg)}</div>
<figcaption class="links"><a href="charts/${name}.svg">SVG</a> · <a href="charts/${name}.vl.json">Vega-Lite specification with data</a> · <a href="#def-${definition}">definition</a></figcaption></figure>`;
}

function name({ label, path }: GateMetric): Html {
  return html`<th scope="row">${term(label, metricDefinition(path))}<small><code>${path}</code></small></th>`;
}

/** Exact values stand in the tooltip. */
function figures(metric: GateMetric): Html[] {
  const { unit, base, head } = metric;
  const runs = (values: readonly (number | null)[]) =>
    `${values.map((value) => value ?? 'not defined').join(', ')} ${unit}`;
  return [
    cell({ text: medianText(metric, 'base'), exact: runs(base) }),
    cell({ text: medianText(metric, 'head'), exact: runs(head) }),
    cell({ text: changeText(metric), exact: intervalText(metric) }),
  ];
}

function intervalText({ effect, low, high, confidence }: GateMetric): string {
  const sure = confidence === null ? '' : `, confidence ${confidence}`;
  return `${effect ?? 'not known'} (${low ?? 'not known'} to ${high ?? 'not known'}${sure})`;
}

function gatingTable(gate: GateResult): Html {
  const rows = gating(gate).map((metric) => {
    const accepted = cell({ text: toleranceText(metric) });
    const smallest = cell({ text: smallestText(metric) || '–' });
    const verdict = html`<td class="verdict ${metric.verdict ?? ''}">${metric.verdict ?? '–'}</td>`;
    return html`<tr>${name(metric)}${verdict}${figures(metric)}${accepted}${smallest}</tr>`;
  });
  const change = html`${term('change', 'gate-effect')} (${term('interval', 'gate-interval')})`;
  return html`<div class="scroll"><table class="gate"><thead><tr><th></th><th scope="col" class="text">verdict</th><th scope="col">base</th><th scope="col">head</th><th scope="col">${change}</th><th scope="col">accepted</th><th scope="col">${term('smallest visible', 'smallest-visible')}</th></tr></thead><tbody>${rows}</tbody></table></div>
${whyList(gate)}
<p class="quiet">Figures of base and head are medians of their runs. “Smallest visible”: a regression of at least that much would have failed here.</p>`;
}

/** Why a metric did not pass. */
function whyList(gate: GateResult): Html | null {
  const items = gating(gate)
    .filter(({ verdict }) => verdict !== 'PASS')
    .map(
      ({ label, verdict, why }) =>
        html`<li><b class="verdict ${verdict ?? ''}">${verdict ?? '–'}</b> ${label}: ${why}</li>`,
    );
  return items.length === 0 ? null : html`<ul class="reasons">${items}</ul>`;
}

function thresholdSection(thresholds: readonly GateThreshold[]): Html | null {
  if (thresholds.length === 0) return null;
  const items = thresholds.map(
    ({ text, passed, worst, unit }) =>
      html`<li class="${passed ? 'PASS' : 'FAIL'}"><code>${text}</code>${passed ? null : html` <b>FAIL</b>`} <span class="quiet">worst run of head: ${figureText(worst, unit)}</span></li>`,
  );
  return html`<section><h2>Do the thresholds hold?</h2><ul class="thresholds">${items}</ul></section>`;
}

function driftSection(view: GateView): Html | null {
  const drawn = chart(view, 'gate-blocks', 'gate-effect');
  return drawn && html`<section><h2>Can it be believed?</h2>${drawn}</section>`;
}

function informationSection(gate: GateResult): Html | null {
  const rows = informing(gate).map(
    (metric) => html`<tr>${name(metric)}${figures(metric)}<td class="text quiet">${metric.why}</td></tr>`,
  );
  if (rows.length === 0) return null;
  return html`<section><h2>What else changed?</h2><p class="quiet">For information: these do not decide.</p>
<div class="scroll"><table class="gate"><thead><tr><th></th><th scope="col">base</th><th scope="col">head</th><th scope="col">${term('change', 'gate-effect')} (${term('interval', 'gate-interval')})</th><th scope="col" class="text">why</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function conditionsSection({ gate, comparison }: GateView): Html {
  const lines = conditionLines(gate, []).map((line) => html`<li>${line}</li>`);
  const more =
    comparison === null
      ? null
      : html`<p>Both sides in full, with latency curves, memory and validity: <a href="${comparison}">comparison of base and head</a>.</p>`;
  return html`<section><h2>Under what conditions?</h2>${more}<ul>${lines}</ul>
${excludedTable(gate)}
<p class="quiet">Every figure with all its digits is in <a href="gate.json">gate.json</a>; the runs are in <a href="${gate.base.result}">${gate.base.result}</a> and <a href="${gate.head.result}">${gate.head.result}</a>.</p></section>`;
}

/** Runs that say nothing of a family, each with its reason. */
function excludedTable({ excluded }: GateResult): Html | null {
  if (excluded.length === 0) return null;
  const rows = excluded.map(({ run, families, why }) => [run, families.join(', '), why]);
  return html`<details><summary>${excluded.length} runs left out of the figures of a family, since the generator or the host was the limit there</summary>${textTable(['where', 'what', 'why'], rows)}</details>`;
}
