import type { GateResult } from '../../contract/gate.ts';
import type { Family, Run } from '../../contract/result.ts';

export type Side = 'base' | 'head';
export type Sides = Readonly<Record<Side, readonly Run[]>>;

const ALL_FAMILIES: readonly Family[] = ['latency', 'throughput', 'memory', 'deliveries'];

/** Families of which a run says nothing about the server: the generator or the host was the limit, or it did not come to its end. */
function unusableFamilies(run: Run): readonly Family[] {
  if (run.status === 'aborted') return ALL_FAMILIES;
  const invalid = run.validity.reasons.filter(({ verdict }) => verdict === 'INVALID');
  return ALL_FAMILIES.filter((family) => invalid.some(({ families }) => families.includes(family)));
}

export function isUsable(run: Run, family: Family): boolean {
  return !unusableFamilies(run).includes(family);
}

/** The runs that are left out of some figures, with the name a reader finds them by. */
export function excludedRuns(mode: GateResult['mode'], sides: Sides): GateResult['excluded'] {
  return (['base', 'head'] as const).flatMap((side) =>
    sides[side].flatMap((run, i) => {
      const families = [...unusableFamilies(run)];
      return families.length === 0 ? [] : [{ run: nameOf(mode, side, i), families, why: whyOf(run) }];
    }),
  );
}

function nameOf(mode: GateResult['mode'], side: Side, index: number): string {
  return mode === 'stored'
    ? `${side} run ${index + 1}`
    : `block ${Math.floor(index / 2) + 1}, ${side} run ${(index % 2) + 1}`;
}

function whyOf({ status, abortReason, validity }: Run): string {
  if (status === 'aborted') return abortReason ?? 'it did not come to its end';
  const invalid = validity.reasons.filter(({ verdict }) => verdict === 'INVALID');
  return invalid.map(({ message }) => message).join('; ');
}
