/**
 * A bus that forgot its counter (restarted with nothing kept) must not give an id twice: clients resume by it.
 * It goes on with the first id of the next epoch, so that a skip between epochs is told from a loss.
 */
const EPOCH_IDS = 2 ** 32;

/** Last id before the epoch of `id`. */
export function epochBase(id: number): number {
  return Math.floor(id / EPOCH_IDS) * EPOCH_IDS;
}

/** Where to go on where ids up to `knownId` may have been given. */
export function nextEpoch(knownId: number): number {
  return epochBase(knownId) + EPOCH_IDS;
}
