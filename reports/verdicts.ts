import type { Family, Run, ValidityReason, Verdict } from '../contract/result.ts';

const SEVERITY: Readonly<Record<Verdict, number>> = { VALID: 0, SUSPECT: 1, INVALID: 2 };

/** What one family of figures may be used for. */
export interface FamilyVerdict {
  readonly family: Family;
  readonly verdict: Verdict;
  /** Reasons that touch the family, the worst first. */
  readonly reasons: readonly ValidityReason[];
}

/** The worst of some verdicts; VALID for none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((worst, next) => (SEVERITY[next] > SEVERITY[worst] ? next : worst), 'VALID');
}

/** Families that the run measured at all: a run that published nothing says nothing about latency. */
export function measuredFamilies(run: Run): Family[] {
  const families: Family[] = [];
  if (run.latencyUs && run.latencyUs.delivery.count > 0) families.push('latency');
  if (hasMemory(run)) families.push('memory');
  if (run.deliveries) families.push('throughput', 'deliveries');
  return families;
}

function hasMemory(run: Run): boolean {
  const { server } = run.memory;
  return server.rssPerConnectionBytes !== null || server.meanRssBytes !== null;
}

/** Verdicts of some runs together, per family that any of them measured. */
export function familyVerdicts(runs: readonly Run[]): FamilyVerdict[] {
  const families = new Set(runs.flatMap(measuredFamilies));
  return [...families].map((family) => familyVerdict(family, runs));
}

/** What one family of figures of some runs together may be used for; VALID where nothing touches it. */
export function familyVerdict(family: Family, runs: readonly Run[]): FamilyVerdict {
  const reasons = runs
    .flatMap((run) => run.validity.reasons)
    .filter((reason) => reason.families.includes(family))
    .sort((a, b) => SEVERITY[b.verdict] - SEVERITY[a.verdict]);
  return { family, verdict: worstVerdict(reasons.map((reason) => reason.verdict)), reasons };
}
