import { METRIC } from '../../compare/comparisonMetrics.ts';
import { overtakenShare, showsStates } from '../../compare/criteria.ts';
import { figureOf } from '../../compare/figures.ts';
import { listOf } from '../../compare/listOf.ts';
import { formatBytes, formatCount, formatShare, significant } from '../../numbers.ts';
import type { CriterionName } from '../decision.ts';
import type { RankedOption } from '../option.ts';
import type { Range } from '../range.ts';
import type { DecisionRecord } from '../record.ts';
import { LOST_BEYOND } from '../scores.ts';
import type { Setting } from './setting.ts';
import { blocks, moneyOf, paybackText, plain, rangeText } from './words.ts';

/** What one option's figures say for and against it, beside the others. */
export interface Argument {
  readonly tone: 'Good' | 'Neutral' | 'Bad';
  readonly text: string;
}

/** Consequences of what was chosen; where nothing was, that nothing follows yet. */
export function consequencesText({ record }: Setting): string {
  const { outcome } = record;
  if (outcome.kind !== 'decided') {
    const leaders = outcome.kind === 'open' ? outcome.leaders.map(({ label }) => plain(label)) : [];
    const until = outcome.kind === 'open' ? 'it is measured more closely' : 'a criterion counts';
    const stay =
      record.changeOver.kind === 'calculated'
        ? ` ${plain(record.changeOver.today.label)} stays until then.`
        : '';
    return blocks(
      '### Consequences',
      `* Neutral, because nothing is changed on figures that do not support it.${stay}\n* Bad, because the question stays open${leaders.length > 1 ? ` between ${listOf(leaders)}` : ''} until ${until}.`,
    );
  }
  const lines = [...argumentsFor(outcome.chosen, record), ...changeArguments(outcome.chosen, record)];
  return blocks('### Consequences', lines.map(argumentLine).join('\n'));
}

export function argumentLine({ tone, text }: Argument): string {
  return `* ${tone}, because ${text}`;
}

/** One argument for each criterion, and one for what went wrong with deliveries; where intervals overlap it is neutral. */
export function argumentsFor(option: RankedOption, record: DecisionRecord): Argument[] {
  const measured = (['latency', 'memory', 'cost'] as const).flatMap((name) =>
    argumentBy(name, option, record),
  );
  return [
    ...measured,
    ...lossArgument(option),
    ...overtakenArgument(option),
    ...fleetArgument(option, record),
  ];
}

function argumentBy(name: CriterionName, option: RankedOption, record: DecisionRecord): Argument[] {
  const own = option.scores.get(name);
  const words = wordsOf(name, record);
  if (!own) return [];
  if (own.figure === null || own.because !== null) {
    return [
      own.because === LOST_BEYOND
        ? { tone: 'Bad', text: `its ${words.what} is not defined: ${LOST_BEYOND}.` }
        : { tone: 'Neutral', text: `its ${words.what} is no argument (${own.because ?? 'not measured'}).` },
    ];
  }
  const figure = own.figure;
  const others = record.options.flatMap((other) => {
    const theirs = other.scores.get(name);
    return other === option || !theirs?.figure || theirs.because !== null
      ? []
      : [{ label: other.label, figure: theirs.figure }];
  });
  const better = others.filter((other) => other.figure.high < figure.low);
  const worse = others.filter((other) => other.figure.low > figure.high);
  const text = `its ${words.what} is ${rangeText(figure, words.format)}${own.verdict === 'VALID' ? '' : ` (${own.verdict})`}`;
  const same = others.filter((other) => !better.includes(other) && !worse.includes(other));
  const least = (some: readonly Other[]) =>
    some.reduce((best, other) => (other.figure.value < best.figure.value ? other : best));
  if (others.length === 0)
    return [{ tone: 'Neutral', text: `${text}; no other option has a figure to set beside it.` }];
  if (better.length > 0)
    return [{ tone: 'Bad', text: `${text}, ${versus(figure, least(better), words.format)}.` }];
  if (same.length === 0)
    return [
      { tone: 'Good', text: `${text}, ${versus(figure, least(worse), words.format)}, which comes next.` },
    ];
  const below = worse.length > 0 ? `, and below ${labels(worse)}` : '';
  return [
    {
      tone: worse.length > 0 ? 'Good' : 'Neutral',
      text: `${text}, not to be told apart from ${labels(same)}${below}.`,
    },
  ];
}

interface Other {
  readonly label: string;
  readonly figure: Range;
}

function labels(others: readonly Other[]): string {
  return plain(listOf(others.map(({ label }) => label)));
}

/** `1.4 times as much as ws (9.1 µs)`, `4.2 % less than ws (9.1 µs)`. */
function versus({ value }: Range, other: Other, format: (value: number) => string): string {
  const theirs = `${plain(other.label)} (${format(other.figure.value)})`;
  const ratio = value / other.figure.value;
  if (!Number.isFinite(ratio) || ratio <= 0) return `against ${theirs}`;
  if (ratio >= 1.5) return `${significant(ratio, 2)} times as much as ${theirs}`;
  const share = formatShare(Math.abs(ratio - 1));
  return `${share} ${ratio > 1 ? 'more' : 'less'} than ${theirs}`;
}

function wordsOf(name: CriterionName, { latency, prices }: DecisionRecord) {
  const words: Readonly<Record<CriterionName, { what: string; format: (value: number) => string }>> = {
    latency: { what: `delivery latency (${latency.id})`, format: latency.format },
    memory: { what: 'memory for each connection', format: formatBytes },
    cost: { what: 'monthly cost', format: moneyOf(prices) },
    operability: { what: 'operability', format: significant },
  };
  return words[name];
}

function lossArgument({ group }: RankedOption): Argument[] {
  const counts = [METRIC.lost, METRIC.duplicated, METRIC.reordered].map((metric) => ({
    what: metric.label,
    count: figureOf(group, metric)?.estimate.value ?? null,
  }));
  if (counts.every(({ count }) => count === null)) return [];
  if (figureOf(group, METRIC.lost)?.verdict === 'INVALID')
    return [{ tone: 'Neutral', text: 'what became of its deliveries is not known: their count is INVALID.' }];
  const wrong = counts.filter(({ count }) => count !== null && count > 0);
  if (wrong.length === 0)
    return [{ tone: 'Good', text: 'no delivery was lost, duplicated or out of order.' }];
  return [
    {
      tone: 'Bad',
      text: `of its deliveries ${listOf(wrong.map(({ what, count }) => `${formatCount(count ?? 0)} were ${what}`))}.`,
    },
  ];
}

/** An answer that shows the newest state alone makes all before it visible without carrying them. */
function overtakenArgument({ group }: RankedOption): Argument[] {
  if (!showsStates(group)) return [];
  return [
    {
      tone: 'Bad',
      text: `a client sees the newest message of an answer only: ${formatShare(overtakenShare(group))} of the messages were overtaken by a newer one before they were seen.`,
    },
  ];
}

function fleetArgument({ sizing }: RankedOption, { node }: DecisionRecord): Argument[] {
  if (sizing === null) return [];
  const { withReserve, decidedBy } = sizing;
  if (!Number.isFinite(withReserve))
    return [{ tone: 'Bad', text: `no number of nodes carries this traffic (${listOf(decidedBy)}).` }];
  const why =
    decidedBy.length === 0
      ? 'one alone would carry the traffic'
      : `their number comes from ${listOf(decidedBy)}`;
  return [
    {
      tone: 'Neutral',
      text: `it needs ${formatCount(withReserve)} nodes of ${formatCount(node.cores.value)} cores, one of them in reserve; ${why}.`,
    },
  ];
}

function changeArguments(option: RankedOption, { changeOver, prices }: DecisionRecord): Argument[] {
  if (changeOver.kind !== 'calculated') return [];
  if (changeOver.today === option)
    return [{ tone: 'Good', text: 'it runs today: nothing has to be changed over.' }];
  const one = changeOver.options.find((each) => each.option === option);
  if (!one) return [];
  const { effort, months } = one.breakEven;
  return [
    {
      tone: Number.isFinite(months.high) ? 'Neutral' : 'Bad',
      text: `changing over takes ${moneyOf(prices)(effort)}; by running cost alone that is paid back: ${paybackText(months)}.`,
    },
  ];
}
