import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Collects all garbage twice, a turn of the event loop between: what the first collection finalises, the second frees.
 * @returns false where the process runs without `--expose-gc`.
 */
export async function forceGc(): Promise<boolean> {
  if (globalThis.gc === undefined) return false;
  globalThis.gc();
  await nextTurn();
  globalThis.gc();
  return true;
}
