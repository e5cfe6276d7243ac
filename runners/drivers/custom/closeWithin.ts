import { messageOf } from '../../../contract/errors.ts';
import type { CloseDetail } from '../../../contract/loadDriver.ts';

/** Shorter than the time that a process gets to end by itself. */
const CLOSE_MS = 1_500;

/** Calls `close` of the user's and waits for it, but not for ever. @returns what went wrong; null: nothing */
export async function closeWithin(
  opened: { close(): unknown },
  limitMs = CLOSE_MS,
): Promise<CloseDetail | null> {
  const { promise: late, resolve } = Promise.withResolvers<CloseDetail>();
  const timer = setTimeout(
    () => resolve({ reason: 'timeout', detail: `close() did not end within ${limitMs} ms`, retryable: true }),
    limitMs,
  );
  try {
    return await Promise.race([Promise.resolve(opened.close()).then(() => null), late]);
  } catch (error) {
    return { reason: 'other', detail: `close() failed: ${messageOf(error)}`, retryable: true };
  } finally {
    clearTimeout(timer);
  }
}
