import { type Fields, liftRuns, withFields } from './liftResult.ts';

/** What version 4 knows of a run and version 3 did not: none of it was looked at. */
const NEW_IN_RUN: Fields = { steadyState: null, generatorCeiling: null, clock: null };

/**
 * Lifts a result of version 3 to version 4: fields that came with emulated links and with the proof of the harness say
 * that nothing of the kind was there. Whatever is not of the old shape stays as it is, for the reader to name.
 */
export function liftVersion3(data: unknown): unknown {
  return liftRuns(data, 4, (run) => ({
    ...NEW_IN_RUN,
    ...run,
    plan: withFields({ link: null }, run.plan),
    cpu: withFields({ link: null }, run.cpu),
  }));
}
