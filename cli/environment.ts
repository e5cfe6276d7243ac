import type { Fault } from '../contract/errors.ts';
import type { Environment } from './given.ts';
import { nearest } from './nearest.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS } from './options.ts';
import { RUN_OPTIONS, type RunOption } from './runOptions.ts';

/** Variables that are no options of a run. */
const OTHERS = ['BENCH_CACHE_DIR', 'BENCH_LOCK_FILE', 'BENCH_REQUIRE_SERVICES'];

/** Every environment variable that pushbench knows. */
export function knownVariables(): readonly string[] {
  const options: readonly RunOption[] = Object.values(RUN_OPTIONS);
  const workload = WORKLOAD_KEYS.map((key) => WORKLOAD_OPTIONS[key].env);
  return [...workload, ...options.map((option) => option.env), ...OTHERS].filter((name) => name !== null);
}

/** Adds a fault for each `BENCH_*` variable that means nothing: a misspelt one would be ignored in silence. */
export function refuseUnknownVariables(env: Environment, faults: Fault[]): void {
  const known = knownVariables();
  for (const key of Object.keys(env)) {
    if (!key.startsWith('BENCH_') || known.includes(key)) continue;
    faults.push({ key, value: undefined, expected: `no such variable${nearest(key, known)}` });
  }
}
