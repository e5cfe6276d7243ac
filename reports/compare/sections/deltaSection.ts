import { type Html, html } from '../../html/escape.ts';
import { term } from '../../html/table.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { type Delta, type DeltaPair, pairsOfSources } from '../delta.ts';
import { deltaCell } from '../deltaText.ts';
import type { Figure } from '../figures.ts';

/** What changed between results of the same servers: old, new, delta; nothing for a single result. */
export function deltaSection({ comparison }: ComparisonView): Html | null {
  const pairs = pairsOfSources(comparison);
  if (pairs.length === 0) return null;
  return html`<section><h2>What changed?</h2>${pairs.map(table)}
<p class="quiet">Medians of the runs; of counts the mean per run. A change is said only where the Mann–Whitney U test of the runs finds p below 0.05, which takes at least four runs on each side.</p></section>`;
}

function table({ old, new: newer, deltas }: DeltaPair): Html {
  const rows = deltas.map(
    (delta) =>
      html`<tr><th scope="row">${term(delta.metric.label, delta.metric.definition)}</th>${cell(delta.old)}${cell(delta.new)}<td class="figure">${deltaCell(delta)}</td><td class="text">${outcome(delta)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="ladder"><thead><tr><th></th><th scope="col">${old.label}</th><th scope="col">${newer.label}</th><th scope="col">delta</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cell({ metric, estimate }: Figure): Html {
  return html`<td class="figure" title="${estimate.values.join(', ')} ${metric.unit}">${metric.format(estimate.value)}</td>`;
}

function outcome({ outcome: found }: Delta): Html | null {
  if (found !== 'better' && found !== 'worse') return null;
  return html`<span class="${found === 'better' ? 'VALID' : 'INVALID'}"> ${found}</span>`;
}
