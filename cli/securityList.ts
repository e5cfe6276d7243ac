import type { Fault } from '../contract/errors.ts';
import { SECURITY_KINDS, type SecurityKind } from '../contract/security.ts';
import { type GivenOptions, givenList } from './given.ts';
import { nearest } from './nearest.ts';

/** Reads `--security`: a list of kinds, each once; plain where nothing is said. */
export function readSecurity(options: GivenOptions, faults: Fault[]): SecurityKind[] {
  const kinds = givenList(options, 'security').flatMap(({ key, value }) => {
    const kind = SECURITY_KINDS.find((each) => each === value);
    if (kind !== undefined) return [kind];
    const expected = `one of ${SECURITY_KINDS.join(', ')}${nearest(String(value), SECURITY_KINDS)}`;
    faults.push({ key, value, expected });
    return [];
  });
  return kinds.length === 0 ? ['plain'] : [...new Set(kinds)];
}
