import { type Html, html } from '../../html/escape.ts';
import { term } from '../../html/table.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { meaning, type Statement } from '../meaning.ts';
import { kneeStatements } from '../sweepMeaning.ts';

/** What this means, in sentences that stated rules make of the figures. */
export function meaningSection({ comparison }: ComparisonView): Html {
  const statements = [...meaning(comparison.servers), ...kneeStatements(comparison.groups)];
  const verdicts = statements.filter(({ kind }) => kind !== 'note');
  const notes = statements.filter(({ kind }) => kind === 'note');
  return html`<section><h2>What does this mean?</h2>
<ul class="meaning">${verdicts.map(item)}</ul>
<ul class="meaning quiet">${notes.map(item)}</ul>
<p class="quiet">Made from the figures by rule: a server is said to be ${term('ahead', 'ahead')} only where its ${term('interval', 'comparison-interval')} does not overlap the next one’s and neither family is INVALID; where intervals overlap, the command is given that would settle it.</p></section>`;
}

function item({ text, command }: Statement): Html {
  const settle = command ? html`<pre>${command}</pre>` : null;
  return html`<li>${text}${settle}</li>`;
}
