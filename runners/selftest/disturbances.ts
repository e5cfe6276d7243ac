import type { Run } from '../../contract/result.ts';

/** Reasons that name the host, not the harness: what they touch shows nothing about the instrument. */
const OF_THE_HOST: ReadonlySet<string> = new Set([
  'othersBusy',
  'steal',
  'swapping',
  'generatorStalled',
  'generatorStarved',
  'sendLag',
  'runDelay',
]);

/** Of those, the ones that bend times and rates only: for claims about counts, bytes and CPU time, which hold on a busy host too. */
export const BENDING_TIMES: readonly string[] = [
  'othersBusy',
  'steal',
  'generatorStalled',
  'generatorStarved',
  'sendLag',
  'runDelay',
];

/** The host kept a run from showing anything: the attempt is made again, and the table says so. */
export class Disturbed extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('; '));
    this.name = 'Disturbed';
    this.reasons = reasons;
  }
}

/** @param expected codes that the case brings about itself */
export function disturbancesOf({ validity }: Pick<Run, 'validity'>, expected: readonly string[]): string[] {
  return validity.reasons
    .filter(({ code }) => OF_THE_HOST.has(code) && !expected.includes(code))
    .map(({ message }) => message);
}
