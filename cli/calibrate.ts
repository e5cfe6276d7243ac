import type { Calibrate } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { type GivenOptions, given } from './given.ts';
import { choice } from './parse/choice.ts';

const calibrate = choice(['auto', 'never', 'again'] as const satisfies readonly Calibrate[]);

/** Reads `--calibrate`. */
export function readCalibrate(options: GivenOptions, faults: Fault[]): Calibrate {
  const one = given(options, 'calibrate');
  if (one === undefined) return 'auto';
  const parsed = calibrate(one.value);
  if (parsed.ok) return parsed.value;
  faults.push({ ...one, expected: parsed.expected });
  return 'auto';
}
