import { setTimeout as delay } from 'node:timers/promises';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { checkTarget } from '../checkTarget.ts';
import { TargetGone } from '../session/processes.ts';
import type { StartedTarget } from './startTarget.ts';

/** Between the end of a server's connections and the word that it ended itself. */
const LAST_WORDS_MS = 500;

/**
 * One client of a server that was started, before any load.
 * @throws BenchError (system under test) naming what it did instead, with its last words where it ended; Interrupted
 */
export async function checkStarted(
  started: StartedTarget,
  streams: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await checkTarget(started.target, streams, signal);
  } catch (error) {
    if (!(error instanceof BenchError) || error.exitCode !== EXIT.systemUnderTest) throw error;
    const gone = await Promise.race([started.ended.catch((end) => end), delay(LAST_WORDS_MS, null)]);
    const said = `All that it said is in ${started.log}.`;
    if (gone instanceof TargetGone)
      throw new BenchError(gone.message, {
        exitCode: EXIT.systemUnderTest,
        hint: `It ended when its first client came, before any load. ${said}`,
        cause: error,
      });
    const { message, exitCode, hint } = error;
    throw new BenchError(message, { exitCode, hint: `${hint} It is stopped by now. ${said}`, cause: error });
  }
}
