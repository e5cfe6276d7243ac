import { BenchError, EXIT } from '../../contract/errors.ts';

/** A slot was opened that cannot be: a defect of the fleet, not of the user. */
export function slotMisuse(slot: number, stopped: boolean): BenchError {
  const state = stopped ? 'the driver was stopped' : 'it has not closed yet';
  return new BenchError(`slot ${slot} cannot be opened: ${state}`, {
    exitCode: EXIT.internal,
    hint: 'Open a slot again only after its closed event.',
  });
}
