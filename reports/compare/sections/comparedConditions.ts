import { basename } from 'node:path';
import { type Html, html } from '../../html/escape.ts';
import { conditionsSection } from '../../html/sections/conditions.ts';
import { type ComparisonView, ofRepresentatives } from '../comparisonView.ts';

/** Under what conditions: architecture of each server, host, processes, numbers; and the results it was made of. */
export function comparedConditions(view: ComparisonView): Html {
  const { sources } = view.comparison;
  const commands = sources.map(
    ({ name, result }) =>
      html`<li>${name ? `${name}: ` : ''}${result.createdAt.slice(0, 16).replace('T', ' ')} UTC, seed ${result.seed}, <code>${result.command.join(' ')}</code></li>`,
  );
  const made =
    sources.length > 1 ? html`<section><h2>Which results?</h2><ul>${commands}</ul></section>` : null;
  return html`${made}${conditionsSection(ofRepresentatives(view), wholeResults(view))}`;
}

/** Only what is in the folder of the page is linked: that of others may be moved, or stay where the page is sent from. */
function wholeResults({ resultFiles }: ComparisonView): Html {
  const names = resultFiles.map((file) =>
    file === basename(file) ? html`<a href="${file}">${file}</a>` : html`<code>${file}</code>`,
  );
  return html`${names.map((name, i) => html`${i === 0 ? '' : i === names.length - 1 ? ' and ' : ', '}${name}`)}`;
}
