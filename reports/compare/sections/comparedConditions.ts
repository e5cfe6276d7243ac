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
  return html`${made}${conditionsSection(ofRepresentatives(view))}`;
}
