import type { MonthlyCost } from './monthlyCost.ts';
import type { Range } from './range.ts';

/** Time within which a change is expected to have paid for itself, months. */
export const HORIZON_MONTHS = 36;

/** What changing over from one option to another brings. */
export interface BreakEven {
  /** Person-days x their price. */
  readonly effort: number;
  /** Saved per month; below 0 it costs more. */
  readonly saving: Range;
  /** Until the savings are the effort; infinite: never. `low` is the soonest. */
  readonly months: Range;
}

/**
 * Saving is what today's option costs less what the other costs: its low end sets the low end of the one against the high end
 * of the other. Months are effort over saving, never where nothing is saved.
 */
export function breakEvenOf(today: MonthlyCost, other: MonthlyCost, effort: number): BreakEven {
  const hasInterval = today.total.hasInterval && other.total.hasInterval;
  const saving = {
    low: today.total.low - other.total.high,
    value: today.total.value - other.total.value,
    high: today.total.high - other.total.low,
    hasInterval,
  };
  const months = {
    low: monthsUntil(effort, saving.high),
    value: monthsUntil(effort, saving.value),
    high: monthsUntil(effort, saving.low),
    hasInterval,
  };
  return { effort, saving, months };
}

export function monthsUntil(effort: number, savingPerMonth: number): number {
  if (effort === 0) return 0;
  return savingPerMonth > 0 ? effort / savingPerMonth : Number.POSITIVE_INFINITY;
}

/** Savings less the effort after the horizon. */
export function netAtHorizon(effort: number, savingPerMonth: number): number {
  return HORIZON_MONTHS * savingPerMonth - effort;
}
