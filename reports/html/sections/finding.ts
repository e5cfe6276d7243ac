import { headline } from '../../headline.ts';
import { namedRuns } from '../../runLabel.ts';
import { type NamedRun, testedLoad } from '../../testedLoad.ts';
import { familyVerdicts } from '../../verdicts.ts';
import { type Html, html } from '../escape.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

/** The first thing read: the sentence, then one word per family of figures. */
export function findingSection({ result }: ReportView): Html {
  const families = familyVerdicts(result.runs).map(
    ({ family, verdict, reasons }) =>
      html`<li>${family} <a href="#validity" class="verdict ${verdict}" title="${reasons.map((reason) => reason.message).join('; ')}">${verdict}</a></li>`,
  );
  const labels = Object.entries(result.labels).map(([key, value]) => ` · ${key}=${value}`);
  return html`<header>
<p class="quiet">${subject(result.runs[0])} · ${result.createdAt.slice(0, 16).replace('T', ' ')} UTC · ${result.tool.name} ${result.tool.version}${labels}</p>
<h1>${headline(result)}.</h1>
<ul class="strip">${families}</ul>
${testedLoadNote(namedRuns(result.runs))}
</header>`;
}

/** The load beside what the generator can take; nothing where no run knows it. */
export function testedLoadNote(named: readonly NamedRun[]): Html | null {
  const load = testedLoad(named);
  return load === null ? null : html`<p class="quiet">${load}. ${term('How', 'generator-ceiling')}</p>`;
}

function subject(run: ReportView['result']['runs'][number] | undefined): string {
  return run ? `${run.plan.target ?? `stage ${run.stage}`}, scenario ${run.scenario}` : 'no run';
}
