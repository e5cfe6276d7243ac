import type { Run } from '../../../contract/result.ts';
import { type Html, html } from '../../html/escape.ts';
import { question, refusal, term } from '../../html/table.ts';
import { backingNote } from '../../percentiles.ts';
import { perSubscriber } from '../../runShape.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { isComparable } from '../criteria.ts';
import type { IntervalKind } from '../estimate.ts';
import { type Figure, figuresOf } from '../figures.ts';
import { formatRange } from '../formatRange.ts';
import { LADDER, type LadderRows, WITHOUT_BEST } from '../ladderRows.ts';
import { type ComparisonMetric, isSearch } from '../metric.ts';
import { moneyUnit } from '../money.ts';
import type { ServerGroup } from '../serverGroup.ts';
import { shownLoad, sweptServers } from '../sweep.ts';
import { judgeFigures } from '../verdictOfFigures.ts';

const KINDS: Readonly<Record<IntervalKind, string>> = {
  range: 'up to five runs, each with processes of its own: the lowest and the highest',
  median95:
    'six runs or more, each with processes of its own: the 95 % interval of the median between two order statistics',
  levels: 'memory per connection of one run: 92 % interval of the slope over its levels',
  atLeast: 'no rate failed, or only by the lateness of the generator: the ceiling lies there or above',
  search:
    'a ceiling searched for once: 10 % either way, which is how far two searches of one server lie apart, or up to the lowest rate that failed',
};

/** The ladder as a table: a column per server, medians with their intervals, the best bold where the intervals allow it. */
export function ladderSection({ comparison }: ComparisonView): Html {
  const { servers, groups } = comparison;
  const heads = servers.map(
    ({ label, look, runs }) =>
      html`<th scope="col"><span style="border-color:var(${look.colour.variable})">${words(label)}</span><small>${look.run.plan.target ? 'own server' : look.run.tag}, ${runsText(runs)}</small></th>`,
  );
  return html`<section><h2>The ladder</h2>${loadNote(servers, groups)}
<div class="scroll"><table class="ladder"><thead><tr><th></th>${heads}</tr></thead>${LADDER.map((part) => rows(part, servers))}</table></div>
<p class="quiet">Median of the runs that are not INVALID, interval below it unless all of them read the same; counts are sums over all runs. ${intervalNote(servers)} Bold: ahead of every other by an interval that does not overlap.${greyNote(servers)} ? SUSPECT, see <a href="#validity">Is it true?</a>${money(servers)}</p></section>`;
}

/** A long name breaks between its words, and nowhere else. */
function words(label: string): Html[] {
  return label.split(' ').map((word) => html`<i>${word}</i> `);
}

/** `3 runs and a search`. */
function runsText(runs: readonly Run[]): string {
  const searches = runs.filter(isSearch).length;
  const loads = runs.length - searches;
  const parts = [
    ...(loads > 0 ? [loads === 1 ? '1 run' : `${loads} runs`] : []),
    ...(searches > 0 ? [searches === 1 ? 'a search' : `${searches} searches`] : []),
  ];
  return parts.join(' and ');
}

function rows({ title, metrics }: LadderRows, servers: readonly ServerGroup[]): Html | null {
  const lines = metrics.flatMap((metric) => row(metric, servers) ?? []);
  return lines.length === 0
    ? null
    : html`<tbody><tr><th scope="rowgroup" colspan="${servers.length + 1}">${title}</th></tr>${lines}</tbody>`;
}

/** A line of the table; none where no server measured it. */
function row(metric: ComparisonMetric, servers: readonly ServerGroup[]): Html | null {
  const figures = figuresOf(servers, metric);
  if (figures.length === 0) return null;
  const best = bestOf(figures);
  const cells = servers.map((server) => {
    const figure = figures.find(({ group }) => group === server);
    return figure ? cell(figure, figure === best) : html`<td class="figure unsupported">–</td>`;
  });
  return html`<tr><th scope="row">${term(perSubscriber(metric.label, runsOf(servers)), metric.definition)}</th>${cells}</tr>`;
}

function runsOf(servers: readonly ServerGroup[]): Run[] {
  return servers.flatMap(({ runs }) => runs);
}

function cell(figure: Figure, isBest: boolean): Html {
  const { metric, estimate, verdict, leftOut, isSupported } = figure;
  const exact = `${estimate.values.join(', ')} ${metric.unit}`.trim();
  const ends = estimate.interval ? formatRange(estimate.interval, metric.format, ' – ') : null;
  const range = ends ? html`<small>${ends}</small>` : null;
  const without = leftOut > 0 ? html`<small>without ${leftOut} INVALID</small>` : null;
  const value = metric.format(estimate.value);
  return html`<td class="figure${isSupported ? '' : ' unsupported'}" title="${exact}">${question(verdict)}${isBest ? html`<b>${value}</b>` : value}${range}${refusal(verdict)}${without}</td>`;
}

/** The figure that lies apart from all others, among those that may be compared; null where there is none. */
function bestOf(figures: readonly Figure[]): Figure | null {
  const [first] = figures;
  if (!first || WITHOUT_BEST.has(first.metric.id)) return null;
  const usable = figures.filter(
    ({ group, metric, verdict }) => verdict !== 'INVALID' && isComparable(group, metric),
  );
  const verdict = judgeFigures(usable);
  return verdict?.kind === 'wins' ? verdict.best : null;
}

function loadNote(servers: readonly ServerGroup[], groups: readonly ServerGroup[]): Html | null {
  const load = shownLoad(servers);
  if (load === null) return null;
  const value = servers[0]?.sweep?.value ?? 0;
  const isWithin = sweptServers(groups).every(({ knee }) => knee !== null && value <= knee.load);
  const why = isWithin ? ': the highest load of the sweep at which no server is past its knee' : '';
  return html`<p>${load}${why}.</p>`;
}

/** Why percentiles are grey, with the counts there were. */
function greyNote(servers: readonly ServerGroup[]): string {
  const figures = LADDER.flatMap(({ metrics }) => metrics.flatMap((metric) => figuresOf(servers, metric)));
  const note = backingNote(
    'Grey',
    figures.flatMap(({ few }) => few),
  );
  return note === null ? '' : ` ${note}`;
}

/** The kinds of interval that occur in the table. */
function intervalNote(servers: readonly ServerGroup[]): string {
  const figures = LADDER.flatMap(({ metrics }) => metrics.flatMap((metric) => figuresOf(servers, metric)));
  const kinds = new Set(figures.flatMap(({ estimate }) => estimate.interval?.kind ?? []));
  if (kinds.size === 0) return 'Single runs have no interval.';
  return `Intervals: ${[...kinds].map((kind) => KINDS[kind]).join('; ')}.`;
}

function money(servers: readonly ServerGroup[]): string {
  const unit = moneyUnit(servers);
  return unit === null ? '' : ` Money in ${unit}: cost in bench.config.ts sets yours.`;
}
