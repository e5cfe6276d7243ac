/** A figure at one load. */
export interface LoadPoint {
  readonly load: number;
  /** null: not defined, because too much was lost; it counts as beyond every bound. */
  readonly p99Us: number | null;
}

export interface Knee {
  /** Highest load before p99 leaves the bound. */
  readonly load: number;
  /** False where the bound was never left: the knee lies at this load or above. */
  readonly isReached: boolean;
  readonly boundUs: number;
}

/** How far p99 may rise above the lightest load's. */
export const KNEE_FACTOR = 2;

/**
 * The knee of a latency curve: the largest load up to which p99 stays within twice the p99 of the lightest load.
 * null for fewer than three loads, or where the lightest has no p99.
 */
export function kneeOf(points: readonly LoadPoint[]): Knee | null {
  const sorted = [...points].sort((a, b) => a.load - b.load);
  const [lightest] = sorted;
  if (sorted.length < 3 || !lightest || lightest.p99Us === null) return null;
  const boundUs = lightest.p99Us * KNEE_FACTOR;
  const beyond = sorted.findIndex(({ p99Us }) => p99Us === null || p99Us > boundUs);
  const last = beyond < 0 ? sorted.at(-1) : sorted[beyond - 1];
  return last ? { load: last.load, isReached: beyond >= 0, boundUs } : null;
}
