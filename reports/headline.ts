import type { Run, RunResult } from '../contract/result.ts';
import { articleOrder, articleRows } from './articleOrder.ts';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatRateOf,
  formatShare,
  formatUs,
  orMissing,
  significant,
} from './numbers.ts';
import { quotable, quote, quoteOf } from './percentiles.ts';
import { runLabels, serverLabel, serverName } from './runLabel.ts';
import { roundTripText } from './runLink.ts';
import { describeShape, perSubscriber, sharesConnections } from './runShape.ts';
import { scenarioFinding } from './scenarioHeadline.ts';
import { NO_STEADY_STATE, unsettledText } from './steadyText.ts';
import { type FamilyVerdict, familyVerdicts } from './verdicts.ts';

/** The finding of a result in one sentence. Pure; numbers are formatted for print, see `plainNumbers`. */
export function headline(result: RunResult): string {
  const [first] = result.runs;
  if (!first) return `${aborted(result)}Nothing was measured.`;
  const finding = result.runs.length === 1 ? sentenceOf(first) : sentenceOfMany(result.runs);
  const verdicts = verdictClause(result);
  return [`${aborted(result)}${finding}`, unsettledClause(result.runs, verdicts), verdicts]
    .filter(Boolean)
    .join('; ');
}

/** Never averaged away: said beside the latency, unless the verdict says it. */
function unsettledClause(runs: readonly Run[], verdicts: string): string | null {
  const labels = runLabels(runs);
  const text = unsettledText(runs.map((run, i) => ({ label: labels[i] ?? '', run })));
  return runs.length === 1 && verdicts.includes(NO_STEADY_STATE) ? null : text;
}

function aborted(result: RunResult): string {
  if (result.status !== 'aborted') return '';
  const reason = result.runs.find((run) => run.abortReason)?.abortReason;
  return reason ? `Aborted (${reason}): ` : 'Aborted: ';
}

function sentenceOf(run: Run): string {
  const owner = `${run.plan.target ? `${serverName(run)}: ` : ''}${over(run)}`;
  if (run.article) return `${owner}${articleClause([run])}`;
  const own = scenarioFinding([run]);
  if (own) return `${owner}${own}`;
  if (run.ceiling) return `${owner}${ceilingClause(run)}`;
  if (run.deliveries && run.publish) return `${owner}${loadClause(run)}`;
  if (run.deliveries) return `${owner}${arrivalClause(run)}`;
  return `${owner}${idleClause(run)}`;
}

function sentenceOfMany(runs: readonly Run[]): string {
  if (articleRows(runs).length > 0) return articleClause(runs);
  const own = scenarioFinding(runs);
  if (own) return own;
  if (runs.every((run) => run.ceiling)) return listed(runs, ceilingFigure, 'Ceiling');
  if (runs.every((run) => run.deliveries && run.latencyUs)) return loadOfMany(runs);
  return listed(
    runs,
    (run) => orMissing(run.memory.server.rssPerConnectionBytes, formatBytes),
    perSubscriber('Server memory per connection', runs),
  );
}

function listed(runs: readonly Run[], figure: (run: Run) => string, what: string): string {
  const labels = runLabels(runs);
  return `${what}: ${runs.map((run, i) => `${labels[i]} ${figure(run)}`).join(', ')}`;
}

function loadOfMany(runs: readonly Run[]): string {
  const figure = (run: Run) => (run.latencyUs ? quote(run.latencyUs.delivery) : '');
  const names = new Set(runs.map((run) => (run.latencyUs ? quotable(run.latencyUs.delivery)?.label : null)));
  const [name] = names;
  const lost = runs.reduce((sum, run) => sum + (run.deliveries?.lost ?? 0), 0);
  // Theirs are in nobody's count of lost deliveries.
  const toSlow = runs.reduce((sum, run) => sum + (run.slow?.lost ?? 0), 0);
  const losses = `${formatCount(lost)} lost${toSlow > 0 ? `, and ${formatCount(toSlow)} to slow readers` : ''}`;
  if (names.size !== 1 || !name) return `${listed(runs, figure, 'Delivery')}; ${losses}`;
  const short = (run: Run) => figure(run).replace(`${name} `, '');
  return `${listed(runs, short, `Delivery ${name}`)}; ${losses}`;
}

function loadClause(run: Run): string {
  const { plan, connections, publish, deliveries } = run;
  const messages = publish?.sent ?? 0;
  const reach =
    plan.fanOut >= connections.established
      ? `Every one of ${clients(run)} gets each message`
      : `${formatCount(Math.round(plan.fanOut))} of ${clients(run)} per message`;
  const ledger = deliveries ? ledgerClause(deliveries, run.bus) : 'deliveries not measured';
  const latency = run.latencyUs ? `; ${quote(run.latencyUs.delivery)}` : '';
  return `${reach}, ${formatCount(messages)} messages, ${ledger}${unreached(run)}${latency}${asking(run)}`;
}

/** Which shape was measured belongs into the sentence: a stream among a hundred costs less than a connection. */
function clients(run: Run): string {
  return sharesConnections(run)
    ? describeShape(run).replace(',', ' with')
    : `${formatCount(run.connections.established)} clients`;
}

/** What was put in between is in every latency that follows: untold, it would be taken for the server's. */
function over({ plan: { link } }: Run): string {
  return link === null ? '' : `Over ${roundTripText(link)}: `;
}

/** A polling client is late by its own interval: without it, the latency would be blamed on the server. */
function asking({ polling }: Run): string {
  if (!polling || polling.wastedRatio === null) return '';
  const every = polling.intervalMs === 0 ? 'held' : `every ${formatUs(polling.intervalMs * 1000)}`;
  return `; polls ${every}, ${formatShare(polling.wastedRatio)} in vain`;
}

function ledgerClause(deliveries: NonNullable<Run['deliveries']>, bus: Run['bus']): string {
  const about = deliveries.exact ? '' : 'about ';
  const parts = [
    `${about}${formatCount(deliveries.lost)} lost${bus && bus.lost > 0 ? `, by the bus ${formatCount(bus.lost)} on the way to a node` : ''}`,
  ];
  if (deliveries.duplicated > 0) parts.push(`${formatCount(deliveries.duplicated)} duplicated`);
  if (deliveries.reordered > 0) parts.push(`${formatCount(deliveries.reordered)} reordered`);
  return parts.join(', ');
}

function unreached(run: Run): string {
  const { requested, established, dropped } = run.connections;
  const missing = requested - established;
  const parts = [];
  const what = sharesConnections(run) ? 'streams' : 'connections';
  if (missing > 0) parts.push(`${formatCount(missing)} of ${formatCount(requested)} ${what} not established`);
  if (dropped > 0) parts.push(`${formatCount(dropped)} ${what} dropped`);
  if (run.publish && run.publish.refused > 0)
    parts.push(`${formatCount(run.publish.refused)} publishes refused`);
  return parts.map((part) => `, ${part}`).join('');
}

function arrivalClause(run: Run): string {
  const perSecond = run.deliveries ? formatRate(run.deliveries.perSecond) : 'none';
  return `${connectClause(run)}; messages arrived at ${perSecond}; latency and loss not measured, since nothing was published`;
}

function connectClause(run: Run): string {
  const { established, requested, seconds } = run.connections;
  const time = seconds === null ? '' : ` in ${formatUs(seconds * 1e6)}`;
  const p95 = run.handshakeUs && quoteOf(run.handshakeUs, 'p95');
  const handshake = p95 ? `, handshake ${p95}` : '';
  const what = sharesConnections(run)
    ? `${formatCount(established)} of ${formatCount(requested)} streams established (${describeShape(run)})`
    : `${formatCount(established)} of ${formatCount(requested)} connections established`;
  return `${what}${time}${handshake}`;
}

function idleClause(run: Run): string {
  const { server, generator, kernelPerConnectionBytes } = run.memory;
  const parts = [
    [server.rssPerConnectionBytes, 'in the server'],
    [generator.rssPerConnectionBytes, 'in the load client'],
    [kernelPerConnectionBytes, 'in the kernel'],
  ] as const;
  const known = parts.flatMap(([bytes, where]) => (bytes === null ? [] : [`${formatBytes(bytes)} ${where}`]));
  if (known.length === 0) return `${connectClause(run)}; memory per connection not measured`;
  return `${connectClause(run)}; each idle one takes ${known.join(', ')}`;
}

function ceilingFigure(run: Run): string {
  if (!run.ceiling || run.ceiling.deliveriesPerSecond === null) return 'not found';
  return formatRateOf(run.ceiling.deliveriesPerSecond, 'deliveries');
}

function ceilingClause(run: Run): string {
  const { ceiling } = run;
  if (!ceiling) return '';
  const slo = `p${significant(ceiling.sloQuantile * 100)} within ${formatUs(ceiling.sloUs)}`;
  if (ceiling.ratePerSecond === null) return `No rate kept ${slo}; limited by ${ceiling.limitedBy}`;
  const rate = significant(ceiling.ratePerSecond);
  return `${serverLabel(run)} carries ${rate} publishes/s (${ceilingFigure(run)}) with ${slo}, nothing lost or refused; limited by ${ceiling.limitedBy}`;
}

function articleClause(runs: readonly Run[]): string {
  const rows = articleRows(runs).filter((row) => row.qps !== null);
  const fastest = rows.reduce<(typeof rows)[number] | null>(
    (best, row) => ((row.qps ?? 0) > (best?.qps ?? 0) ? row : best),
    null,
  );
  const best = fastest
    ? `${fastest.variant} carries most, ${formatRateOf(fastest.qps ?? 0, 'deliveries')}`
    : 'no ceiling was found';
  const order = articleOrder(rows);
  if (!order) return `${best[0]?.toUpperCase()}${best.slice(1)}`;
  const verdict = order.reproduced ? 'is reproduced' : 'is not reproduced';
  const ranks = order.ours.map((row) => `${row.variant} ${formatRate(row.qps ?? 0)}`).join(', ');
  return `The article’s order ${verdict}: ${ranks}; ${best}`;
}

/** `latency and memory VALID, throughput SUSPECT: generator 43 % of the machine`. */
function verdictClause(result: RunResult): string {
  const verdicts = familyVerdicts(result.runs).filter(
    // The ledger speaks for itself unless its counts are in doubt.
    ({ family, verdict }) => family !== 'deliveries' || verdict !== 'VALID',
  );
  return groupVerdicts(verdicts).map(groupClause).join(', ');
}

function groupVerdicts(verdicts: readonly FamilyVerdict[]): FamilyVerdict[][] {
  const groups = new Map<string, FamilyVerdict[]>();
  for (const verdict of verdicts) {
    const key = `${verdict.verdict} ${verdict.reasons[0]?.message ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()];
}

function groupClause(group: readonly FamilyVerdict[]): string {
  const names = group.map(({ family }) => family);
  const list = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const [first] = group;
  const reason = first?.reasons[0];
  return `${list} ${first?.verdict}${reason ? `: ${reason.message}` : ''}`;
}
