import { DEFINITIONS } from '../../definitions.ts';
import { type Html, html } from '../escape.ts';

/** What every figure means: the same text as docs/method.md. */
export function definitionsSection(): Html {
  const items = DEFINITIONS.map(
    ({ id, term, text }) => html`<dt id="def-${id}">${term}</dt><dd>${text}</dd>`,
  );
  return html`<section><h2>What do the figures mean?</h2><p class="quiet">The method in full: docs/method.md of pushbench.</p><dl class="definitions">${items}</dl></section>`;
}
