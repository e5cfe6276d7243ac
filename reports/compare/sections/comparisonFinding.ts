import { type Html, html } from '../../html/escape.ts';
import { testedLoadNote } from '../../html/sections/finding.ts';
import { familyVerdicts } from '../../verdicts.ts';
import { comparisonHeadline } from '../comparisonHeadline.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { listOf } from '../listOf.ts';

/** The first thing read: the sentence, then one word per family of figures. */
export function comparisonFinding({ comparison, result }: ComparisonView): Html {
  const runs = comparison.groups.flatMap((group) => group.runs);
  const families = familyVerdicts(runs).map(
    ({ family, verdict }) =>
      html`<li>${family} <a href="#validity" class="verdict ${verdict}">${verdict}</a></li>`,
  );
  const labels = comparison.sources.flatMap(({ result: { labels: given } }) =>
    Object.entries(given).map(([key, value]) => `${key}=${value}`),
  );
  const scenarios = [...new Set(runs.map(({ scenario }) => scenario))];
  const subject = [
    `comparison of ${comparison.servers.length} ${comparison.servers.length === 1 ? 'server' : 'servers'}, scenario ${listOf(scenarios)}`,
    ...times(comparison.sources.map((source) => source.result.createdAt)),
    `${result.tool.name} ${result.tool.version}`,
    ...new Set(labels),
  ];
  return html`<header><p class="quiet">${subject.join(' · ')}</p>
<h1>${comparisonHeadline(comparison)}.</h1>
<ul class="strip">${families}</ul>
${testedLoadNote(comparison.servers.map(({ label, look: { run } }) => ({ label, run })))}</header>`;
}

function times(created: readonly string[]): string[] {
  return [...new Set(created.map((time) => `${time.slice(0, 16).replace('T', ' ')} UTC`))];
}
