import { settleCommand } from '../compare/settleCommand.ts';
import { CRITERIA, type CriterionName } from './decision.ts';
import type { RankedOption } from './option.ts';

/** What the totals allow to say. */
export type Outcome =
  /** The total of one lies above all others, over the whole of its range. */
  | {
      readonly kind: 'decided';
      readonly chosen: RankedOption;
      readonly next: RankedOption;
      /** Criteria whose figures, of any option, are SUSPECT. */
      readonly suspect: readonly CriterionName[];
    }
  /** Several could be the best. */
  | {
      readonly kind: 'open';
      /** The best by its median first. */
      readonly leaders: readonly RankedOption[];
      /** Criterion that leaves most open between them; null: none of the measured ones. */
      readonly decisive: CriterionName | null;
      /** Command whose runs would narrow it; null: none that can be given. */
      readonly command: string | null;
    }
  /** No criterion that counts has a figure. */
  | { readonly kind: 'nothing' };

/** Totals closer than this are a tie that no more runs are worth. */
export const SAME_TOTAL = 0.1;

/** Judges the totals: a recommendation only where no other option can reach the best one. */
export function outcomeOf(
  options: readonly RankedOption[],
  weights: ReadonlyMap<CriterionName, number>,
): Outcome {
  if (![...weights.values()].some((weight) => weight > 0)) return { kind: 'nothing' };
  const order = [...options].sort((a, b) => b.total.value - a.total.value);
  const leaders = order.filter((option) => order.every((other) => option.total.high >= other.total.low));
  const [chosen] = leaders;
  const next = order.find((option) => option !== chosen);
  if (!chosen || !next) return { kind: 'nothing' };
  if (leaders.length === 1)
    return { kind: 'decided', chosen, next, suspect: suspectCriteria(options, weights) };
  const decisive = widest(leaders, weights);
  return { kind: 'open', leaders, decisive, command: decisive && commandFor(leaders, decisive) };
}

function suspectCriteria(
  options: readonly RankedOption[],
  weights: ReadonlyMap<CriterionName, number>,
): CriterionName[] {
  const counted = CRITERIA.filter((name) => (weights.get(name) ?? 0) > 0);
  return counted.filter((name) => options.some(({ scores }) => scores.get(name)?.verdict === 'SUSPECT'));
}

/** The measured criterion whose ranges take most of the leaders' totals. */
function widest(
  leaders: readonly RankedOption[],
  weights: ReadonlyMap<CriterionName, number>,
): CriterionName | null {
  const open = [...weights].map(([name, weight]) => ({
    name,
    width: leaders.reduce((sum, { scores }) => {
      const score = scores.get(name)?.score;
      return score ? sum + weight * (score.high - score.low) : sum;
    }, 0),
  }));
  const [most] = open.filter(({ width }) => width > 0).sort((a, b) => b.width - a.width);
  return most?.name ?? null;
}

/** Asks about the leaders alone, in the order of the ladder. */
function commandFor(leaders: readonly RankedOption[], criterion: CriterionName): string | null {
  const groups = leaders.map(({ group }) => group).sort((a, b) => a.look.run.order - b.look.run.order);
  return settleCommand(groups, criterion === 'memory' ? 'idle' : 'same');
}
