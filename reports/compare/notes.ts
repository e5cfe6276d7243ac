import { formatCount, formatRate, formatShare, formatUs, significant } from '../numbers.ts';
import { linkNote } from '../runLink.ts';
import { shapeNote } from '../runShape.ts';
import { METRIC } from './comparisonMetrics.ts';
import { isIntervalPolled, overtakenShare, showsStates } from './criteria.ts';
import { figureOf, figuresOf } from './figures.ts';
import { listOf } from './listOf.ts';
import type { Statement } from './meaning.ts';
import type { ServerGroup } from './serverGroup.ts';

type Note = (groups: readonly ServerGroup[]) => string | null;

/** In the order in which they matter. */
const NOTES: readonly Note[] = [
  ledger,
  pollingWait,
  overtaken,
  sharedConnections,
  addedLink,
  wastedPolls,
  closedLoop,
  busOrHarness,
  unequalEffort,
  chance,
  reference,
];

/** What a reader must know to read the figures: the ledger, what holds by construction, what is no like for like. */
export function notes(groups: readonly ServerGroup[]): Statement[] {
  return NOTES.flatMap((note) => note(groups) ?? []).map(statement);
}

/** Those of them that say how the figures came about, and nothing of who is ahead. */
export function originNotes(groups: readonly ServerGroup[]): string[] {
  const origins: readonly Note[] = [sharedConnections, addedLink, busOrHarness, unequalEffort, chance];
  return origins.flatMap((note) => note(groups) ?? []);
}

function statement(text: string): Statement {
  return { kind: 'note', text, claim: null, undecided: null, command: null };
}

/** What went wrong with deliveries, server by server; empty: nothing. */
export function ledgerFaults(groups: readonly ServerGroup[]): string[] {
  return groups.flatMap((group) => {
    const counts = [METRIC.lost, METRIC.duplicated, METRIC.reordered].flatMap((metric) => {
      const count = figureOf(group, metric)?.estimate.value ?? 0;
      return count > 0 ? [`${formatCount(count)} ${metric.label}`] : [];
    });
    return counts.length > 0 ? [`${group.label} ${counts.join(', ')}`] : [];
  });
}

function ledger(groups: readonly ServerGroup[]): string | null {
  if (figuresOf(groups, METRIC.lost).length === 0) return null;
  const faults = ledgerFaults(groups);
  return faults.length > 0
    ? `Not every delivery was right: ${faults.join('; ')}.`
    : 'No server lost, duplicated or reordered a single delivery.';
}

function pollingWait(groups: readonly ServerGroup[]): string | null {
  const polled = groups.filter(isIntervalPolled);
  if (polled.length === 0) return null;
  const waits = polled.map((group) => {
    const interval = group.runs.find(({ polling }) => polling)?.polling?.intervalMs ?? 0;
    const p50 = figureOf(group, METRIC.p50);
    const seen = p50 ? `, seen p50 ${formatUs(p50.estimate.value)}` : '';
    return `${group.label} ${formatUs((interval / 2) * 1000)} at an interval of ${formatUs(interval * 1000)}${seen}`;
  });
  return `A client that polls on an interval waits half of it on average, by construction and not by the server’s doing: ${waits.join('; ')}. So polling takes no part in the comparison by latency.`;
}

function overtaken(groups: readonly ServerGroup[]): string | null {
  const states = groups.filter(showsStates);
  if (states.length === 0) return null;
  const shares = states.map(
    (group) => `${formatShare(overtakenShare(group))} of the deliveries of ${group.label}`,
  );
  return `An answer that shows only the newest state makes all before it visible without carrying them: so were overtaken ${shares.join(', ')}. CPU and bytes per delivery count those too; they are not those of a message carried, and take no part in the comparison by CPU.`;
}

function sharedConnections(groups: readonly ServerGroup[]): string | null {
  return shapeNote(groups.map(({ look }) => look.run));
}

function addedLink(groups: readonly ServerGroup[]): string | null {
  return linkNote(groups.map(({ look }) => look.run));
}

function wastedPolls(groups: readonly ServerGroup[]): string | null {
  const wasted = figuresOf(groups, METRIC.wasted).map(({ group, estimate }) => {
    const rate = group.runs.find(({ polling }) => polling)?.polling?.eventsPerPollInterval ?? null;
    const events = rate === null ? '' : ` at ${significant(rate)} messages per poll interval`;
    return `${formatShare(estimate.value)} of the polls of ${group.label} found nothing new${events}`;
  });
  return wasted.length === 0 ? null : `${wasted.join('; ')}.`;
}

function closedLoop(groups: readonly ServerGroup[]): string | null {
  const figures = figuresOf(groups, METRIC.closedLoop).map(
    ({ group, estimate }) => `${group.label} answered ${formatRate(estimate.value)}`,
  );
  return figures.length === 0
    ? null
    : `Polling is saturated by a closed loop, in which each connection asks again as soon as it is answered: ${figures.join('; ')} polls. That is no ceiling of deliveries and is compared with none.`;
}

function busOrHarness(groups: readonly ServerGroup[]): string | null {
  const bussed = groups.filter(({ runs }) => runs.some(({ bus }) => bus !== null));
  const posted = groups.filter(
    ({ look: { run } }) =>
      run.bus === null && run.plan.serverNodes > 1 && run.plan.publishTo === 'every-node',
  );
  if (bussed.length === 0 && posted.length === 0) return null;
  const names = (list: readonly ServerGroup[]) => listOf(list.map(({ label }) => label));
  const parts = [];
  if (bussed.length > 0)
    parts.push(
      `The fan-out of ${names(bussed)} went over a bus: one node took each message, and the bus carried it to the others.`,
    );
  if (posted.length > 0)
    parts.push(
      `The fan-out of ${names(posted)} across nodes was the harness’s: it posted each message to every node, so no bus was paid for.`,
    );
  return parts.join(' ');
}

function unequalEffort(groups: readonly ServerGroup[]): string | null {
  const tags = new Set(groups.map(({ look }) => look.run.tag));
  const stages = new Set(groups.map(({ stage }) => stage));
  if (tags.size < 2 || stages.size < 2) return null;
  const list = groups.map(({ label, look }) => `${label} is ${look.run.tag}`);
  return `The servers stand for unequal effort: ${listOf(list)}.`;
}

function reference(groups: readonly ServerGroup[]): string | null {
  const ours = groups.some(({ look }) => look.run.plan.target === null);
  return ours ? 'These are Node reference servers; for yours, run with --target.' : null;
}

/** How often the rule of the intervals errs with few runs. */
function chance(groups: readonly ServerGroup[]): string | null {
  const runs = figuresOf(groups, METRIC.p50).map(({ estimate }) => estimate.values.length);
  const fewest = Math.min(...runs);
  if (runs.length < 2 || fewest < 2 || fewest > 5) return null;
  const share = 2 / choose(2 * fewest, fewest);
  return `The interval of ${fewest} runs is their range; the ranges of two equal servers lie apart by chance in ${formatShare(share)} of such comparisons. From 6 runs on the interval is the 95 % one of the median.`;
}

function choose(n: number, k: number): number {
  return Array.from({ length: k }, (_, i) => (n - i) / (k - i)).reduce(
    (product, factor) => product * factor,
    1,
  );
}
