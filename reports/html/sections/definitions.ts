import { DEFINITIONS, type Definition } from '../../definitions.ts';
import { type Html, html } from '../escape.ts';

/** What every figure means: the same text as docs/method.md. */
export function definitionsSection(): Html {
  const items = DEFINITIONS.map(
    (one) => html`<dt id="def-${one.id}">${one.term}</dt><dd>${one.text}${figureParts(one)}</dd>`,
  );
  return html`<section><h2>What do the figures mean?</h2><p class="quiet">The method in full: docs/method.md of pushbench.</p><dl class="definitions">${items}</dl></section>`;
}

function figureParts(one: Definition): Html | null {
  if (!('read' in one)) return null;
  return html`<br><small>Read from: ${one.read}<br>Not in it: ${one.without}</small>`;
}
