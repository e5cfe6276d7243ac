import type { Comparison } from '../compare/comparison.ts';
import { METRIC } from '../compare/comparisonMetrics.ts';
import { criteria } from '../compare/criteria.ts';
import { figureOf } from '../compare/figures.ts';
import type { ComparisonMetric } from '../compare/metric.ts';
import type { ServerGroup } from '../compare/serverGroup.ts';
import type { CriterionName, Decision, Judgement, OptionFacts, Prices } from './decision.ts';
import { type Demand, demandOf, missingOf } from './demand.ts';
import { type Measured, measuredOf } from './measured.ts';
import { type MonthlyCost, monthlyCostOf } from './monthlyCost.ts';
import { rangeOf } from './range.ts';
import { type Given, judged, type Scored, scoresOf, totalOf } from './scores.ts';
import { type Sizing, sizingOf } from './sizing.ts';
import type { Node, Traffic } from './traffic.ts';

/** One way to serve the traffic, with all that is known of it. */
export interface Option {
  readonly label: string;
  readonly group: ServerGroup;
  /** null: no stage of ours. */
  readonly facts: OptionFacts | null;
  readonly measured: Measured;
  /** null where something for it is in `missing`; so are cost and sizing. */
  readonly demand: Demand | null;
  readonly cost: MonthlyCost | null;
  readonly sizing: Sizing | null;
  readonly missing: readonly string[];
  readonly judgement: Judgement | null;
}

/** An option in the decision matrix. */
export interface RankedOption extends Option {
  readonly scores: ReadonlyMap<CriterionName, Scored>;
  readonly total: ReturnType<typeof totalOf>;
}

/** What the options are made from, besides the comparison. */
export interface Assumptions {
  readonly decision: Decision;
  readonly prices: Prices;
  readonly traffic: Traffic;
  readonly node: Node;
  /** By `stage:variant`. */
  readonly facts: ReadonlyMap<string, OptionFacts>;
}

/** The options of a comparison: what was measured under the shared load. */
export function optionsOf({ servers }: Comparison, assumptions: Assumptions): Option[] {
  return servers.map((group) => optionOf(group, assumptions));
}

function optionOf(group: ServerGroup, { decision, prices, traffic, node, facts }: Assumptions): Option {
  const measured = measuredOf(group);
  const usable = node.usableShare.value;
  const demand = demandOf(measured, traffic, usable);
  return {
    label: group.label,
    group,
    facts: facts.get(variantName(group)) ?? null,
    measured,
    demand,
    cost: demand && monthlyCostOf(demand, prices, usable),
    sizing: demand && sizingOf(measured, demand, traffic, node, prices),
    missing: missingOf(measured),
    judgement: givenFor(decision.operability, group),
  };
}

function variantName({ look }: ServerGroup): string {
  return `${look.run.stage}:${look.run.variant}`;
}

/** What the config says of an option, by its full name or by its stage; null: nothing. */
export function givenFor<T>(values: ReadonlyMap<string, T>, group: ServerGroup): T | null {
  return values.get(variantName(group)) ?? values.get(group.stage) ?? null;
}

/** True where a name of the config means this option. */
export function isNamed(name: string, group: ServerGroup): boolean {
  return name === variantName(group) || name === group.stage;
}

/** The percentile that the messages of the pushed servers support, as the comparison takes it. */
export function latencyMetricOf({ servers }: Comparison): ComparisonMetric {
  const asked = criteria(servers).find(({ metric }) => metric.definition === 'delivery-latency');
  return asked?.metric ?? METRIC.p50;
}

/** The options with their scores; criteria that are not among the weights are not scored. */
export function rank(
  options: readonly Option[],
  latency: ComparisonMetric,
  weights: ReadonlyMap<CriterionName, number>,
): RankedOption[] {
  const columns = new Map<CriterionName, Scored[]>([
    ['latency', scoresOf(options.map(({ group }) => givenBy(group, latency)))],
    ['memory', scoresOf(options.map(({ group }) => givenBy(group, METRIC.memory)))],
    ['cost', scoresOf(options.map(costGiven))],
    ['operability', options.map(({ judgement }) => judged(judgement?.score ?? 0))],
  ]);
  return options.map((option, i) => {
    const scores = new Map(
      [...columns].flatMap(([name, column]): [CriterionName, Scored][] => {
        const one = column[i];
        return one && weights.has(name) ? [[name, one]] : [];
      }),
    );
    return { ...option, scores, total: totalOf(scores, weights) };
  });
}

function givenBy(group: ServerGroup, metric: ComparisonMetric): Given {
  const figure = figureOf(group, metric);
  if (figure === null) {
    return { figure: null, verdict: 'VALID', isWorst: isLostBeyond(group, metric) };
  }
  const { verdict, isSupported } = figure;
  return isSupported
    ? { figure: rangeOf(figure), verdict, isWorst: false }
    : { figure: null, verdict, isWorst: false, why: 'too few messages behind it' };
}

/** Measured, and more was lost than the percentile leaves out, which is another thing than not measured. */
export function isLostBeyond(group: ServerGroup, metric: ComparisonMetric): boolean {
  return figureOf(group, metric) === null && group.runs.some((run) => metric.of(run) !== null);
}

function costGiven({ cost, demand }: Option): Given {
  return {
    figure: cost?.total ?? null,
    verdict: demand?.verdict ?? 'VALID',
    isWorst: false,
    why: 'no price',
  };
}
