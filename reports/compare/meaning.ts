import { significant } from '../numbers.ts';
import { METRIC } from './comparisonMetrics.ts';
import { type Criterion, criteria } from './criteria.ts';
import { areApart } from './estimate.ts';
import type { Figure } from './figures.ts';
import { formatRange } from './formatRange.ts';
import { listOf } from './listOf.ts';
import { notes } from './notes.ts';
import { leastProtected } from './securityCost.ts';
import { costSentences } from './securityFinding.ts';
import type { ServerGroup } from './serverGroup.ts';
import { settleCommand } from './settleCommand.ts';
import { type FigureVerdict, judgeFigures } from './verdictOfFigures.ts';

/** Who, and what is said of it: `ws:prepared`, `delivers soonest (p99 3.8 ms)`. */
export interface Claim {
  readonly who: string;
  readonly what: string;
}

/** One thing that the comparison says, made from its figures by stated rules. */
export interface Statement {
  readonly kind: 'cost' | 'wins' | 'ties' | 'open' | 'leftOut' | 'note';
  readonly text: string;
  /** For the headline; null where it does not belong there. */
  readonly claim: Claim | null;
  /** What was asked and not decided. */
  readonly undecided: string | null;
  /** Command that would settle what these runs do not. */
  readonly command: string | null;
}

/** Medians closer than this are a tie that no more runs are worth. */
const SAME = 0.02;

/**
 * What the figures mean: what protection costs, a verdict per criterion among the servers as they are protected least, then
 * what a reader must know to read them.
 */
export function meaning(groups: readonly ServerGroup[]): Statement[] {
  return [...protectionCosts(groups), ...criteria(leastProtected(groups)).flatMap(answer), ...notes(groups)];
}

/** The one command after the last sentence would settle all that is open. */
function protectionCosts(groups: readonly ServerGroup[]): Statement[] {
  const sentences = costSentences(groups);
  const open = new Set(sentences.flatMap((sentence) => sentence.open));
  const asked = groups.filter((group) => open.has(group));
  const command = asked.length > 0 ? settleCommand(asked, 'same') : null;
  return sentences.map(({ text }, i) => ({
    kind: 'cost',
    text,
    claim: null,
    undecided: null,
    command: i === sentences.length - 1 ? command : null,
  }));
}

function answer(criterion: Criterion): Statement[] {
  const { figures, missing } = criterion;
  const invalid = [...figures, ...missing].filter(({ verdict }) => verdict === 'INVALID');
  const usable = figures.filter(({ verdict }) => verdict !== 'INVALID');
  const without = missing.filter(({ verdict }) => verdict !== 'INVALID');
  const absent = [
    ...(invalid.length > 0 ? [excluded(invalid, criterion)] : []),
    ...(without.length > 0 ? [undefinedFor(without, criterion)] : []),
  ];
  const verdict = judgeFigures(usable);
  return verdict ? [worded(verdict, criterion), ...absent] : absent;
}

type OfServer = Pick<Figure, 'group'>;

function excluded(servers: readonly OfServer[], { about, metric }: Criterion): Statement {
  const names = listOf(servers.map(({ group }) => group.label));
  return leftOut(
    `${names} ${servers.length > 1 ? 'are' : 'is'} left out of the comparison by ${about}: the ${metric.family} of every run is INVALID, so the generator or the machine was the limit, not the server.`,
  );
}

/** Without a word, a server that did worst would be the one that is not spoken of. */
function undefinedFor(servers: readonly OfServer[], { about, metric }: Criterion): Statement {
  const names = listOf(servers.map(({ group }) => group.label));
  const [have, take] = servers.length > 1 ? ['have', 'take'] : ['has', 'takes'];
  const why =
    metric.id === METRIC.ceiling.id
      ? 'no rate that was tried kept the objective'
      : 'a lost delivery is later than any that came, and more were lost than that percentile leaves out';
  return leftOut(`${names} ${have} no ${about}, and ${take} no part in that comparison: ${why}.`);
}

function leftOut(text: string): Statement {
  return { kind: 'leftOut', text, claim: null, undecided: null, command: null };
}

function worded(verdict: FigureVerdict, criterion: Criterion): Statement {
  switch (verdict.kind) {
    case 'wins':
      return won(verdict.best, verdict.rest, criterion);
    case 'ties':
      return tied(verdict.tied, verdict.rest, criterion);
    case 'open':
      return open(verdict.figures, criterion);
    default:
      return verdict satisfies never;
  }
}

function won(best: Figure, rest: readonly Figure[], { wins, quote, about }: Criterion): Statement {
  const [next] = rest;
  const behind = next ? `; ${named(next)} comes next, ${difference(best, next)}` : '';
  return {
    kind: 'wins',
    text: `${best.group.label} ${wins}: ${about} ${withInterval(best)}${suspicion(best)}${behind}.`,
    claim: { who: best.group.label, what: `${wins} (${quote(best.estimate.value)})` },
    undecided: null,
    command: null,
  };
}

function tied(figures: readonly Figure[], rest: readonly Figure[], criterion: Criterion): Statement {
  const names = listOf(figures.map(({ group }) => group.label));
  const values = figures.map(named).join(', ');
  const [next] = rest;
  const ahead = next ? `; the next, ${named(next)}, lies behind ${leaders(figures, next)}` : '';
  const equal = spreadOf(figures) <= SAME;
  const said = equal ? 'are equal' : 'cannot be told apart';
  return {
    kind: 'ties',
    text: `${names} ${said} by ${criterion.about}: their intervals overlap (${values})${ahead}.`,
    claim: equal ? { who: names, what: `tie by ${criterion.about}` } : null,
    undecided: equal ? null : criterion.about,
    command: equal ? null : commandFor(figures, criterion),
  };
}

/** Those of the tied that the next one is apart from: at least the best, not always all. */
function leaders(figures: readonly Figure[], next: Figure): string {
  const ahead = figures.filter(({ estimate }) => areApart(estimate, next.estimate));
  return ahead.length === figures.length ? 'them' : listOf(ahead.map(({ group }) => group.label));
}

function open(figures: readonly Figure[], criterion: Criterion): Statement {
  const values = figures.map(named).join(', ');
  return {
    kind: 'open',
    text: `By ${criterion.about} nothing is claimed: a single usable run has no interval. Seen were ${values}.`,
    claim: null,
    undecided: criterion.about,
    command: commandFor(figures, criterion),
  };
}

/** Asks about these servers alone, in the order of the ladder. */
function commandFor(figures: readonly Figure[], criterion: Criterion): string | null {
  const asked = criterion.figures.filter((figure) => figures.includes(figure));
  return settleCommand(
    asked.map(({ group }) => group),
    criterion.scenario,
  );
}

/** `sse:shared 1.4 ms (1.3 to 1.5)`. */
function named(figure: Figure): string {
  return `${figure.group.label} ${withInterval(figure)}${suspicion(figure)}`;
}

function withInterval({ estimate, metric }: Figure): string {
  const value = metric.format(estimate.value);
  if (!estimate.interval) return value;
  const range = formatRange(estimate.interval, metric.format, ' to ');
  if (range === null && estimate.values.length < 2) return value;
  return `${value} (${range ?? 'all runs alike'})`;
}

function suspicion({ verdict }: Figure): string {
  return verdict === 'SUSPECT' ? ', SUSPECT' : '';
}

/** How far the next lies from the best, in the words of its size. */
function difference(best: Figure, next: Figure): string {
  const ratio = next.estimate.value / best.estimate.value;
  if (!Number.isFinite(ratio) || ratio <= 0) return 'behind';
  if (ratio >= 2) return `${significant(ratio, 2)} times as much`;
  if (ratio <= 0.5) return `${significant(1 / ratio, 2)} times less`;
  const percent = significant(Math.abs(ratio - 1) * 100, 2);
  return ratio > 1 ? `${percent} % more` : `${percent} % less`;
}

function spreadOf(figures: readonly Figure[]): number {
  const values = figures.map(({ estimate }) => estimate.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A slope lost in noise may be negative: then nothing is equal to anything.
  return low > 0 ? high / low - 1 : Number.POSITIVE_INFINITY;
}
