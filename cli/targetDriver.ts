import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../contract/errors.ts';
import { type GivenOptions, given } from './given.ts';
import { TLS_KEYS } from './tlsFiles.ts';

/**
 * The module of a driver of the user's own, absolute; null where none is named. It is not loaded here.
 * @param cwd folder that a flag's path is of
 */
export function readDriver(options: GivenOptions, cwd: string, faults: Fault[]): string | null {
  const one = given(options, 'driver');
  const protocol = given(options, 'protocol');
  if (one === undefined) {
    if (protocol?.value === 'custom') {
      faults.push({ ...protocol, expected: 'together with --driver FILE, which speaks it' });
    }
    return null;
  }
  if (protocol !== undefined && protocol.value !== 'custom') {
    faults.push({
      ...protocol,
      expected: 'custom, or nothing, together with --driver: its module speaks it',
    });
  }
  refuseTls(options, faults);
  const path = resolve(cwd, String(one.value));
  if (!existsSync(path)) {
    faults.push({
      ...one,
      expected: 'the module of a driver, such as ./my-driver.ts; there is no such file',
    });
  }
  return path;
}

/** Only what is posted is protected by us. */
function refuseTls(options: GivenOptions, faults: Fault[]): void {
  if (given(options, 'publishUrl') !== undefined) return;
  for (const key of TLS_KEYS) {
    const one = given(options, key);
    const expected = 'not together with --driver, whose module makes its connections itself';
    if (one !== undefined) faults.push({ ...one, expected });
  }
}
