import type { Fault } from '../contract/errors.ts';
import type { Threshold } from '../contract/threshold.ts';
import { type Given, type GivenOptions, givenList } from './given.ts';
import { parseThreshold } from './parse/threshold.ts';

/** A threshold and where it was given, so that what is found out about it later names the place. */
export interface GivenThreshold {
  readonly given: Given;
  readonly threshold: Threshold;
}

/** Checks `thresholds` of a config file to be a list; what is in it is read by `readThresholds`, since flags replace it. */
export function thresholdTexts(value: unknown, faults: Fault[]): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  const expected = "a list of text, such as ['latencyUs.delivery.p99 < 50ms', 'deliveries.lost == 0']";
  faults.push({ key: 'config.thresholds', value, expected });
  return [];
}

/**
 * Reads `--threshold` and BENCH_THRESHOLD, or where neither is given the list of the config file. Every fault of all of them is added.
 * @param fromConfig `config.thresholds`, not read yet
 */
export function readThresholds(
  options: GivenOptions,
  fromConfig: readonly unknown[],
  faults: Fault[],
): GivenThreshold[] {
  const flags = givenList(options, 'threshold').filter(({ value }) => value !== '');
  const list =
    flags.length > 0 ? flags : fromConfig.map((value, i) => ({ key: `config.thresholds[${i}]`, value }));
  return list.flatMap((given) => {
    const parsed = parseThreshold(given.value);
    if (parsed.ok) return [{ given, threshold: parsed.value }];
    faults.push({ ...given, expected: parsed.expected });
    return [];
  });
}
