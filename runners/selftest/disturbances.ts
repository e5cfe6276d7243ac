import type { Run } from '../../contract/result.ts';
import type { Row } from './rows.ts';

/** Reasons that name the host, not the harness: what they touch shows nothing about the instrument. */
const OF_THE_HOST: ReadonlySet<string> = new Set([
  'othersBusy',
  'steal',
  'swapping',
  'generatorStalled',
  'generatorStarved',
  'sendLag',
  'pollSchedule',
  'linkLate',
  'runDelay',
]);

/** Of those, the ones that bend times and rates only: for claims about counts, bytes and CPU time, which hold on a busy host too. */
export const BENDING_TIMES: readonly string[] = [
  'othersBusy',
  'steal',
  'generatorStalled',
  'generatorStarved',
  'sendLag',
  'pollSchedule',
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

/**
 * What holds although the host disturbed it holds on a quiet host as well; what does not hold there shows nothing.
 * @param runs that the rows are of, measured whatever the host did
 * @param caused codes that the case brings about itself, or claims not to
 * @throws Disturbed where a claim failed and the host disturbed one of the runs
 */
export function unlessDisturbed(
  rows: Row[],
  runs: readonly Pick<Run, 'validity'>[],
  caused: readonly string[] = [],
): Row[] {
  if (rows.every(({ verdict }) => verdict !== 'fail')) return rows;
  const disturbances = runs.flatMap((run) => disturbancesOf(run, caused));
  if (disturbances.length > 0) throw new Disturbed([...new Set(disturbances)]);
  return rows;
}
