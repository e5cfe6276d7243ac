import { type Html, html } from '../../html/escape.ts';
import { chartFigure, section } from '../../html/figureSection.ts';
import { term } from '../../html/table.ts';
import { formatCount } from '../../numbers.ts';
import { perSubscriber } from '../../runShape.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { type Figure, figureOf } from '../figures.ts';
import { formatRange } from '../formatRange.ts';
import type { ComparisonMetric } from '../metric.ts';
import { connectPace, unauthenticatedOf } from '../securityConditions.ts';
import {
  costOf,
  PROTECTION_FIGURES,
  type ProtectedGroup,
  type ProtectedServer,
  protectedServers,
} from '../securityCost.ts';
import { ratioText } from '../securityFinding.ts';

/** What protection costs: a picture of all figures, then a table per server; nothing where one kind was run. */
export function securitySection(view: ComparisonView): Html | null {
  const { servers } = view.comparison;
  const guarded = protectedServers(servers);
  if (guarded.length === 0) return null;
  const runs = servers.flatMap((group) => group.runs);
  return section('What does protection cost?', [
    chartFigure(view, 'security-cost', 'security-cost'),
    ...guarded.map(table),
    html`<p class="quiet">Ratio to the least protected, behind it what the ends of the two intervals allow; bold where the intervals have no point in common. Every handshake is a full one, as a new client’s is. ${negotiated(guarded)}</p>`,
    html`<p>${connectPace(runs)}</p>`,
    ...refusals(guarded),
  ]);
}

function table(server: ProtectedServer): Html {
  const { name, base, others } = server;
  const heads = [base, ...others].map(({ kind }) => html`<th scope="col">${kind}</th>`);
  const rows = PROTECTION_FIGURES.flatMap(({ metric }) => row(server, metric) ?? []);
  return html`<h3><span style="border-top:3px solid var(${base.group.look.colour.variable})">${name}</span></h3>
<div class="scroll"><table class="ladder"><thead><tr><th></th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A line of the table; none where fewer than two kinds have the figure. */
function row(server: ProtectedServer, metric: ComparisonMetric): Html | null {
  const groups = [server.base, ...server.others];
  const figures = groups.map(({ group }) => figureOf(group, metric));
  if (figures.filter((figure) => figure !== null).length < 2) return null;
  const cells = groups.map((one, i) => cell(server, one, metric, figures[i] ?? null));
  return html`<tr><th scope="row">${term(perSubscriber(metric.label, server.base.group.runs), metric.definition)}</th>${cells}</tr>`;
}

function cell(
  server: ProtectedServer,
  one: ProtectedGroup,
  metric: ComparisonMetric,
  figure: Figure | null,
): Html {
  if (!figure) return html`<td class="figure unsupported">–</td>`;
  const { estimate, verdict, isSupported } = figure;
  const ends = estimate.interval ? formatRange(estimate.interval, metric.format, ' – ') : null;
  const range = ends ? html`<small>${ends}</small>` : null;
  const doubt = verdict === 'VALID' ? null : html`<small class="verdict ${verdict}">${verdict}</small>`;
  const exact = `${estimate.values.join(', ')} ${metric.unit}`;
  return html`<td class="figure${isSupported ? '' : ' unsupported'}" title="${exact}">${metric.format(estimate.value)}${range}${one === server.base ? null : ratio(server, one, metric)}${doubt}</td>`;
}

function ratio(server: ProtectedServer, one: ProtectedGroup, metric: ComparisonMetric): Html | null {
  const cost = costOf(server, one, metric);
  if (!cost || cost.ratio === null) return null;
  const text = ratioText(cost.ratio);
  const ends = cost.interval ? formatRange(cost.interval, ratioText, ' – ') : null;
  return html`<small>${cost.told === 'apart' ? html`<b>${text}</b>` : text}${ends ? ` (${ends})` : ''}</small>`;
}

/** What the load clients negotiated. */
function negotiated(guarded: readonly ProtectedServer[]): string {
  const runs = guarded.flatMap(({ others }) => others.flatMap(({ group }) => group.runs));
  const ciphers = new Set(
    runs.flatMap(({ security: { tlsVersion, cipher } }) =>
      tlsVersion === null ? [] : [`${tlsVersion}${cipher === null ? '' : ` with ${cipher}`}`],
    ),
  );
  return ciphers.size === 0 ? '' : `Negotiated: ${[...ciphers].join(', ')}.`;
}

function refusals(guarded: readonly ProtectedServer[]): Html[] {
  return guarded.flatMap(({ others }) =>
    others.flatMap(({ group }) => {
      const counts = unauthenticatedOf(group.runs);
      if (counts.length === 0) return [];
      const list = counts.map(({ reason, count }) => `${reason} ${formatCount(count)}`).join(', ');
      return [html`<p class="quiet">${group.label} ${term('turned away', 'unauthenticated')}: ${list}.</p>`];
    }),
  );
}
