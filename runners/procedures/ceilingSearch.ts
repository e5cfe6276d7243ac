/** What one step of the search found. */
export interface StepOutcome {
  readonly passed: boolean;
  readonly reason: string;
}

export interface SearchBounds {
  readonly startRate: number;
  /** Steps at most. */
  readonly maxSteps: number;
  /** The search ends when the lowest failure is within this factor of the best success. */
  readonly precision: number;
  /** Rates above this are not tried. */
  readonly maxRate: number;
}

/**
 * The next rate to try: doubling until a step fails, then bisecting (on a log scale) between the best success and the
 * lowest failure.
 * @returns null when the search is over
 */
export function nextRate(
  steps: readonly { readonly ratePerSecond: number; readonly passed: boolean }[],
  bounds: SearchBounds,
): number | null {
  if (steps.length >= bounds.maxSteps) return null;
  if (steps.length === 0) return bounds.startRate;
  const best = Math.max(0, ...steps.filter(({ passed }) => passed).map(({ ratePerSecond }) => ratePerSecond));
  const worst = Math.min(
    Number.POSITIVE_INFINITY,
    ...steps.filter(({ passed }) => !passed).map(({ ratePerSecond }) => ratePerSecond),
  );
  if (worst === Number.POSITIVE_INFINITY)
    return best >= bounds.maxRate ? null : Math.min(bounds.maxRate, best * 2);
  if (best === 0) return worst <= 0.1 ? null : worst / 4;
  return worst / best <= bounds.precision ? null : round(Math.sqrt(best * worst));
}

function round(rate: number): number {
  return rate >= 100 ? Math.round(rate) : Math.round(rate * 100) / 100;
}
