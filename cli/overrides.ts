import type { Workload } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { type GivenOptions, givenBy } from './given.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS, type WorkloadKey } from './options.ts';

/** Some numbers of a workload while they are gathered. */
export type WorkloadDraft = { -readonly [K in WorkloadKey]?: Workload[K] };

/** Parses one value into the draft, or adds the fault under the name by which the user gave it. */
export function readWorkloadValue<K extends WorkloadKey>(
  draft: WorkloadDraft,
  key: K,
  given: { readonly key: string; readonly value: unknown },
  faults: Fault[],
): void {
  const parsed = WORKLOAD_OPTIONS[key].parse(given.value);
  if (parsed.ok) Object.assign(draft, { [key]: parsed.value });
  else faults.push({ ...given, expected: parsed.expected });
}

/** The workload numbers given by flag or environment, a flag before a variable. */
export function workloadOverrides(options: GivenOptions, faults: Fault[]): WorkloadDraft {
  const draft: WorkloadDraft = {};
  for (const key of WORKLOAD_KEYS) {
    const one = givenBy(options, WORKLOAD_OPTIONS[key]);
    if (one === undefined) continue;
    Object.assign(draft, WORKLOAD_OPTIONS[key].implies);
    readWorkloadValue(draft, key, { key: one.key, value: switchWord(one.value) }, faults);
  }
  return draft;
}

/** `--profile` alone means CPU, `--no-profile` means none. */
function switchWord(value: unknown): unknown {
  if (value === true) return 'cpu';
  return value === false ? 'none' : value;
}
