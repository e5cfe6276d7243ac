import type { Run, ValidityReason } from '../../../contract/result.ts';
import { type Html, html } from '../../html/escape.ts';
import { term, textTable } from '../../html/table.ts';
import { formatCount, formatUs, NOT_MEASURED } from '../../numbers.ts';
import { backingOf, isBacked } from '../../percentiles.ts';
import { reasonFigure } from '../../reasonFigure.ts';
import { familyVerdicts } from '../../verdicts.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { type Difference, differencesOf } from '../differences.ts';
import type { ServerGroup } from '../serverGroup.ts';
import { nameAtLoad } from '../sweep.ts';

/** Is it true: verdicts by server and family, each reason once with the runs it touches, and what was unlike. */
export function comparedValidity({ comparison }: ComparisonView): Html {
  const { servers, groups, sources } = comparison;
  const reasons = groups.flatMap(reasonsOf);
  const list =
    reasons.length > 0
      ? html`<ul class="reasons">${reasons}</ul>`
      : html`<p>No rule of <a href="#def-validity">validity</a> fired in any run.</p>`;
  return html`<section id="validity"><h2>Is it true?</h2>${unlike(differencesOf(sources, servers))}${matrix(servers)}${list}
<p>Server and generator on one machine share its cores: such figures are <em>co-located</em>. On loopback the sender is also charged for the receiver’s half of the kernel path.</p>
${notMeasured(groups)}</section>`;
}

function unlike(differences: readonly Difference[]): Html | null {
  if (differences.length === 0) return null;
  const rows = differences.map(({ what, values }) => [what, ...values]);
  const width = Math.max(...rows.map((row) => row.length));
  return html`<p><span class="verdict SUSPECT">Not like for like</span>: what follows was not the same on all sides, so a difference of figures may come from it.</p>${textTable(
    ['what', ...Array.from({ length: width - 1 }, () => '')],
    rows,
  )}`;
}

const FAMILIES = ['latency', 'throughput', 'memory', 'deliveries'] as const;

function matrix(servers: readonly ServerGroup[]): Html {
  const heads = ['', ...FAMILIES, term('probe agrees', 'probe'), term('send lag p99, worst', 'send-lag')];
  const body = servers.map(({ label, runs }) => {
    const verdicts = familyVerdicts(runs);
    const cells = FAMILIES.map((family) => {
      const verdict = verdicts.find((one) => one.family === family)?.verdict;
      return verdict
        ? html`<td class="figure"><span class="verdict ${verdict}">${verdict}</span></td>`
        : html`<td class="figure unsupported">${NOT_MEASURED}</td>`;
    });
    return html`<tr><th scope="row">${label}</th>${cells}<td class="figure">${agreement(runs)}</td><td class="figure">${worstLag(runs)}</td></tr>`;
  });
  return html`<div class="scroll"><table><thead><tr>${heads.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function agreement(runs: readonly Run[]): string {
  const compared = runs.filter(({ probe }) => probe !== null && probe.agrees !== null);
  const agreeing = compared.filter(({ probe }) => probe?.agrees);
  return compared.length === 0 ? NOT_MEASURED : `${agreeing.length} of ${compared.length} runs`;
}

function worstLag(runs: readonly Run[]): string {
  const lags = runs.flatMap(({ latencyUs }) =>
    latencyUs && latencyUs.sendLag.p99 !== null
      ? [{ us: latencyUs.sendLag.p99, backing: backingOf(latencyUs.sendLag, 'p99') }]
      : [],
  );
  const [worst] = lags.sort((a, b) => b.us - a.us);
  if (!worst) return NOT_MEASURED;
  const { us, backing } = worst;
  const isFew = backing !== null && !isBacked(backing);
  return `${formatUs(us)}${isFew ? ` (of only ${formatCount(backing.messages)} messages)` : ''}`;
}

/** Each kind of reason once per server, the first in its words, with the number of runs it touches. */
function reasonsOf(group: ServerGroup): Html[] {
  const all = group.runs.flatMap(({ validity }) => validity.reasons);
  const codes = [...new Set(all.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const same = all.filter((reason) => reason.code === code);
    const [worst] = same.filter(({ verdict }) => verdict === 'INVALID').concat(same);
    return worst ? [reasonItem(group, worst, same.length)] : [];
  });
}

function reasonItem(group: ServerGroup, reason: ValidityReason, count: number): Html {
  const { code, verdict, families, message, advice } = reason;
  const often = group.runs.length > 1 ? ` (${count} of ${group.runs.length} runs)` : '';
  return html`<li><span class="verdict ${verdict}">${verdict}</span> (${families.join(', ')}) ${nameAtLoad(group)}${often}: ${message}
<br><span class="quiet">${reasonFigure(reason)} (rule <a href="#def-validity">${code}</a>). ${advice}</span></li>`;
}

function notMeasured(groups: readonly ServerGroup[]): Html | null {
  const rows = groups.flatMap(({ runs }) =>
    runs.flatMap((run) =>
      run.notMeasured.flatMap(({ what, why }) => (missAll(runs, what) ? [`${what}\n${why}`] : [])),
    ),
  );
  if (rows.length === 0) return null;
  const distinct = [...new Set(rows)].map((row) => row.split('\n'));
  return html`<h3>Not measured</h3>${textTable(['what', 'why'], distinct)}`;
}

/** What one run of a server measured is not missing: memory and profile are taken once. */
function missAll(runs: readonly Run[], what: string): boolean {
  return runs.every(({ notMeasured: missing }) => missing.some((one) => one.what === what));
}
