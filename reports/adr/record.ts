import type { RunResult } from '../../contract/result.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { ComparisonMetric } from '../compare/metric.ts';
import { type BreakEven, breakEvenOf } from './breakEven.ts';
import { CRITERIA, type CriterionName, type Decision, type OptionFacts, type Prices } from './decision.ts';
import {
  type Assumptions,
  givenFor,
  isNamed,
  latencyMetricOf,
  type Option,
  optionsOf,
  type RankedOption,
  rank,
} from './option.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Consequence, caseOf, consequenceOf, type Sensitivity, sensitivityOf } from './sensitivity.ts';
import { nodeOf, trafficOf } from './traffic.ts';

/** Everything that a decision record says; its texts and charts are pure functions of it. */
export interface DecisionRecord extends Assumptions {
  readonly result: RunResult;
  readonly comparison: Comparison;
  readonly latency: ComparisonMetric;
  readonly options: readonly RankedOption[];
  /** Of the criteria that count; they are divided by their sum. */
  readonly weights: ReadonlyMap<CriterionName, number>;
  readonly areWeightsGiven: boolean;
  /** Options without a judgement, for which operability is left out of the totals. */
  readonly unjudged: readonly string[];
  readonly outcome: Outcome;
  /** Criteria whose weight, halved or doubled by itself, would change the outcome. */
  readonly fragile: readonly CriterionName[];
  readonly changeOver: ChangeOver;
}

/** An option to change over to. */
export interface Changed {
  readonly option: RankedOption;
  readonly breakEven: BreakEven;
}

/** What changing over is worth, or why that cannot be told. */
export type ChangeOver =
  | {
      readonly kind: 'calculated';
      readonly today: RankedOption;
      readonly options: readonly Changed[];
      /** Options that are not among them, and why. */
      readonly without: readonly { readonly option: RankedOption; readonly why: string }[];
      /** Of the chosen option, or of the leader that would save most; null: there is none. */
      readonly sensitivity: {
        readonly option: RankedOption;
        /** With nothing changed. */
        readonly base: Consequence;
        readonly rows: readonly Sensitivity[];
      } | null;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export interface RecordInputs {
  readonly result: RunResult;
  readonly comparison: Comparison;
  readonly decision: Decision;
  readonly prices: Prices;
  readonly facts: ReadonlyMap<string, OptionFacts>;
}

/** Makes the record of a comparison of at least two servers. */
export function decisionRecord({
  result,
  comparison,
  decision,
  prices,
  facts,
}: RecordInputs): DecisionRecord {
  const traffic = trafficOf(decision, comparison.servers);
  const node = nodeOf(decision, result);
  const assumptions: Assumptions = { decision, prices, traffic, node, facts };
  const plain = optionsOf(comparison, assumptions);
  const unjudged = plain.filter(({ judgement }) => judgement === null).map(({ label }) => label);
  const weights = weightsOf(decision, unjudged);
  const latency = latencyMetricOf(comparison);
  const options = rank(plain, latency, weights);
  const outcome = outcomeOf(options, weights);
  const part = { ...assumptions, result, comparison, latency, options, weights, unjudged, outcome };
  return {
    ...part,
    areWeightsGiven: decision.weights !== null,
    fragile: fragileWeights(plain, latency, weights, outcome),
    changeOver: changeOverOf(options, assumptions, outcome),
  };
}

function weightsOf({ weights }: Decision, unjudged: readonly string[]): ReadonlyMap<CriterionName, number> {
  const counted = CRITERIA.filter((name) => name !== 'operability' || unjudged.length === 0);
  return new Map(counted.map((name) => [name, weights?.[name] ?? 1]));
}

function fragileWeights(
  options: readonly Option[],
  latency: ComparisonMetric,
  weights: ReadonlyMap<CriterionName, number>,
  outcome: Outcome,
): CriterionName[] {
  if (outcome.kind !== 'decided') return [];
  return [...weights.keys()].filter((name) =>
    [0.5, 2].some((factor) => {
      const changed = new Map(weights).set(name, (weights.get(name) ?? 0) * factor);
      const other = outcomeOf(rank(options, latency, changed), changed);
      return other.kind !== 'decided' || other.chosen.label !== outcome.chosen.label;
    }),
  );
}

function changeOverOf(
  options: readonly RankedOption[],
  { decision, traffic, prices, node }: Assumptions,
  outcome: Outcome,
): ChangeOver {
  const { from, personDays, ratePerDay } = decision.migration;
  if (from === null)
    return { kind: 'unknown', why: 'what runs today is not stated (`decision.migration.from`)' };
  const [today, ...others] = options.filter(({ group }) => isNamed(from, group));
  if (others.length > 0)
    return {
      kind: 'unknown',
      why: `what runs today, \`${from}\`, was measured in several variants: name one, such as \`${today?.label}\``,
    };
  if (!today)
    return { kind: 'unknown', why: `what runs today, \`${from}\`, is not among the options measured here` };
  if (!today.cost)
    return {
      kind: 'unknown',
      why: `what runs today, ${today.label}, cannot be priced: not measured is ${today.missing.join(', ')}`,
    };
  if (ratePerDay === null)
    return {
      kind: 'unknown',
      why: 'the price of a person-day is not stated (`decision.migration.ratePerDay`)',
    };
  const { cost } = today;
  const rest = options.filter((option) => option !== today);
  const effortOf = (option: Option) => {
    const days = givenFor(personDays, option.group);
    return days === null ? null : days * ratePerDay;
  };
  const calculated = rest.flatMap((option) => {
    const effort = effortOf(option);
    return option.cost && effort !== null
      ? [{ option, breakEven: breakEvenOf(cost, option.cost, effort) }]
      : [];
  });
  const without = rest.flatMap((option) => {
    if (!option.cost) return [{ option, why: `not measured is ${option.missing.join(', ')}` }];
    return effortOf(option) === null ? [{ option, why: 'the person-days are not stated' }] : [];
  });
  const looked = lookedAt(calculated, outcome);
  const one =
    looked &&
    caseOf(today, looked.option, {
      traffic,
      prices,
      usableShare: node.usableShare.value,
      effort: looked.breakEven.effort,
    });
  const base = one && consequenceOf(one);
  const sensitivity =
    looked && one && base ? { option: looked.option, base, rows: sensitivityOf(one) } : null;
  return { kind: 'calculated', today, options: calculated, without, sensitivity };
}

/** The change worth a closer look: to what is recommended, else to one that may yet be, else to any. */
function lookedAt(calculated: readonly Changed[], outcome: Outcome): Changed | undefined {
  const leaders = outcome.kind === 'open' ? outcome.leaders : [];
  const wanted = outcome.kind === 'decided' ? [outcome.chosen] : leaders;
  const among = calculated.filter(({ option }) => wanted.includes(option));
  const [most] = (among.length > 0 ? among : [...calculated]).sort(
    (a, b) => b.breakEven.saving.value - a.breakEven.saving.value,
  );
  return most;
}
