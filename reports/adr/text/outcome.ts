import { METRIC } from '../../compare/comparisonMetrics.ts';
import { showsStates } from '../../compare/criteria.ts';
import { FEWEST_FOR_95 } from '../../compare/estimate.ts';
import { figureOf } from '../../compare/figures.ts';
import { listOf } from '../../compare/listOf.ts';
import { formatBytes, formatShare, significant } from '../../numbers.ts';
import type { CriterionName } from '../decision.ts';
import type { RankedOption } from '../option.ts';
import { type Outcome, SAME_TOTAL } from '../outcome.ts';
import type { DecisionRecord } from '../record.ts';
import { BEST, type Scored } from '../scores.ts';
import { confirmationText } from './confirmation.ts';
import { consequencesText } from './consequences.ts';
import { weightShare } from './options.ts';
import { image, type Setting } from './setting.ts';
import { stretchOf } from './stretch.ts';
import { blocks, moneyOf, plain, rangeText, table } from './words.ts';

/** Decision outcome: what the totals allow to say, the matrix, what follows, and how it is kept. */
export function outcomeText(setting: Setting): string {
  const { record } = setting;
  return blocks(
    '## Decision Outcome',
    verdictText(record),
    stretched(record),
    // Without a weight there is no total.
    ...(record.outcome.kind === 'nothing'
      ? []
      : [matrix(setting), image(setting, 'adr-totals'), SCALE, lesserService(record)]),
    robustness(record),
    consequencesText(setting),
    confirmationText(setting),
  );
}

const SCALE =
  'The scale knows ratios, not needs: twice the latency costs three points even where both are far below what anybody notices. Where every option is good enough by a criterion, give that a small weight.';

/** A lower price for less: what the score of the cost cannot show. */
function lesserService({ options, weights }: DecisionRecord): string {
  const less = options.filter(({ group, cost }) => cost !== null && showsStates(group));
  return less.length === 0 || weightShare(weights, 'cost') === 0
    ? ''
    : `The cost of ${plain(listOf(less.map(({ label }) => label)))} buys less than that of the others: clients get the newest message only. Its score for cost holds only where that is enough.`;
}

/** The finding in one sentence, for a title. */
export function outcomeTitle({ outcome, traffic }: DecisionRecord): string {
  const clients = `${significant(traffic.connections.value)} clients`;
  if (outcome.kind === 'decided') return `Push to ${clients} with ${outcome.chosen.label}`;
  const among = outcome.kind === 'open' ? outcome.leaders : [];
  // More names than these are a list, no title.
  return among.length > 0 && among.length < 4
    ? `How to push to ${clients}: not decided between ${listOf(among.map(({ label }) => label))}`
    : `How to push to ${clients}: not decided by these figures`;
}

/** More than this many times the measured load is no longer told by what was measured. */
const FAR = 10;

/** A warning where cost is calculated far from the load that was measured. */
function stretched({ options, traffic, weights }: DecisionRecord): string {
  if (weightShare(weights, 'cost') === 0) return '';
  const factors = options.flatMap((option) => {
    const factor = stretchOf(option, traffic);
    // Where nothing is published, there is nothing to stretch.
    return factor === null || factor === 0 ? [] : [factor];
  });
  const most = Math.max(1, ...factors.map((factor) => Math.max(factor, 1 / factor)));
  return most <= FAR
    ? ''
    : `**Cost is calculated far from what was measured**: up to ${significant(most, 2)} times the load. The ranges below hold the scatter of the runs, not the error of that stretch, which [Sizing](#sizing) tells more of.`;
}

const score = (value: number) => significant(value, 2);

function verdictText({ outcome, weights }: DecisionRecord): string {
  switch (outcome.kind) {
    case 'decided':
      return chosenText(outcome);
    case 'open':
      return openText(outcome, weights);
    case 'nothing':
      return '**Not decided by these figures**: no criterion that has a weight was measured. Give weights to latency, memory or cost, or judge operability.';
    default:
      return outcome satisfies never;
  }
}

function chosenText({ chosen, next, suspect }: Extract<Outcome, { kind: 'decided' }>): string {
  const doubt =
    suspect.length === 0
      ? ''
      : `\n\n**This rests on SUSPECT figures** (${listOf(suspect)}): something else on the machine may have bent them, as told under the first heading. Measure again on a quiet machine before anybody signs.`;
  return `Chosen option: **${plain(chosen.label)}**, because its weighted total, ${rangeText(chosen.total, score)} of ${BEST}, lies above that of every other option over its whole range; next is ${plain(next.label)} with ${rangeText(next.total, score)}.${sureness(chosen)}${doubt}`;
}

/** With few runs ranges lie apart by chance more often than readers expect. */
function sureness({ group }: RankedOption): string {
  const runs = figureOf(group, METRIC.p50)?.estimate.values.length ?? 0;
  return runs < FEWEST_FOR_95
    ? ` It was measured ${runs} times: how often so few runs err is told under [How to read the figures](#how-to-read-the-figures).`
    : '';
}

function openText(
  { leaders, decisive, command }: Extract<Outcome, { kind: 'open' }>,
  weights: DecisionRecord['weights'],
): string {
  const named = leaders.map(({ label, total }) => `${plain(label)} ${rangeText(total, score)}`);
  const [first, second] = leaders;
  const gap = first && second ? first.total.value - second.total.value : 0;
  const near =
    gap < SAME_TOTAL && [first, second].every(isKnown)
      ? ` The best two are ${significant(gap, 1)} apart: more runs will hardly tell them apart, so decide on what was not measured.`
      : '';
  const why = decisive === null ? '' : decisiveText(decisive, leaders, weights);
  const settle =
    decisive === null
      ? ''
      : command === null
        ? 'No single command repeats that measurement with more runs for these options.'
        : `This measures it again with ten runs of each, on a quiet machine:\n\n    ${command}`;
  return blocks(
    `**Not decided by these figures.** The ranges of the totals overlap: ${listOf(named)}. No option is recommended.${near}`,
    why,
    settle,
  );
}

function decisiveText(
  decisive: CriterionName,
  leaders: readonly RankedOption[],
  weights: DecisionRecord['weights'],
): string {
  const reasons = new Set(leaders.flatMap(({ scores }) => scores.get(decisive)?.because ?? []));
  const unknown = [...reasons].map((reason) => {
    const who = leaders.filter(({ scores }) => scores.get(decisive)?.because === reason);
    return `${reason}: ${plain(listOf(who.map(({ label }) => label)))}`;
  });
  const told = unknown.length === 0 ? '' : ` (${unknown.join('; ')})`;
  return `What leaves most open is **${decisive}**, with a weight of ${formatShare(weightShare(weights, decisive))}${told}.${unknownBeside(decisive, leaders, weights)}`;
}

/** Other criteria that count, and that no leader has a figure of: more runs alone may not bring them. */
function unknownBeside(
  decisive: CriterionName,
  leaders: readonly RankedOption[],
  weights: DecisionRecord['weights'],
): string {
  const others = [...weights].filter(([name, weight]) => name !== decisive && weight > 0);
  const unknown = others.flatMap(([name]) =>
    leaders.every(({ scores }) => scores.get(name)?.figure === null && scores.get(name)?.because !== null)
      ? [name]
      : [],
  );
  return unknown.length === 0 ? '' : ` No leader has a figure for ${listOf(unknown)}.`;
}

/** True where each score comes from a figure. */
function isKnown(option: RankedOption | undefined): boolean {
  return option !== undefined && [...option.scores.values()].every(({ because }) => because === null);
}

/** Scores with their ranges, the figure behind each, the total. */
function matrix({ record, notes }: Setting): string {
  const { options, weights } = record;
  const rows = [...weights.keys()].map((name) => [
    `${name}, ${formatShare(weightShare(weights, name))}`,
    ...options.map(({ scores }) => cell(name, scores.get(name), record)),
  ]);
  const total = ['**total**', ...options.map(({ total: all }) => `**${score(all.value)}** (${ends(all)})`)];
  return blocks(
    `Each cell is a score from 0 to ${BEST} with its range, and the figure it is made of.${notes.mark(FORMULA)}`,
    table(['', ...options.map(({ label }) => plain(label))], [...rows, total]),
  );
}

const FORMULA =
  'Score = 10 − 10 × log₁₀(figure / lowest median of all options), at least 0: 10 for the lowest, 7 for twice as much, 0 for ten times as much. The ends of a score come from the ends of the figure. Where a figure is missing, INVALID, or of fewer than three runs, the score may be anything from 0 to 10, which counts neither for nor against the option. Total = sum of weight × score / sum of weights, once for the low ends and once for the high ends; so a range holds every case in which each figure lies in its interval.';

function cell(name: CriterionName, scored: Scored | undefined, record: DecisionRecord): string {
  if (!scored) return '–';
  const { figure, verdict, because } = scored;
  const mark = verdict === 'VALID' || verdict === because ? '' : `, ${verdict}`;
  if (name === 'operability') return `${score(scored.score.value)}, judged`;
  const format = name === 'cost' ? moneyOf(record.prices) : formatOf(name, record);
  const text = figure ? format(figure.value) : '';
  const { score: range } = scored;
  const isOpen = because !== null && range.low !== range.high;
  return `${isOpen ? ends(range) : `${score(range.value)} (${ends(range)})`}: ${[text, because].filter(Boolean).join(', ')}${mark}`;
}

function formatOf(name: CriterionName, { latency }: DecisionRecord): (value: number) => string {
  return name === 'latency' ? latency.format : formatBytes;
}

function ends({ low, high }: { readonly low: number; readonly high: number }): string {
  return score(low) === score(high) ? score(low) : `${score(low)} to ${score(high)}`;
}

function robustness({ outcome, fragile }: DecisionRecord): string {
  if (outcome.kind !== 'decided') return '';
  return fragile.length === 0
    ? 'The outcome stays the same when any one weight is halved or doubled.'
    : `The outcome depends on the weight of ${listOf(fragile)}: halved or doubled, it is another one, or none.`;
}
