import type { CustomPublisher } from '../../../contract/customDriver.ts';
import { BenchError, EXIT } from '../../../contract/errors.ts';
import { secretsIn } from '../../fleet/hideSecrets.ts';
import { closeWithin } from './closeWithin.ts';
import { loadCustomDriver } from './loadCustomDriver.ts';
import { refusalOf } from './refusal.ts';
import { owning } from './strayErrors.ts';

/** Whose publisher is opened, and where. */
export interface PublisherModule {
  /** Absolute path. */
  readonly module: string;
  /** Base URL of the target. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const OPEN_MS = 10_000;

/**
 * Opens what a driver of the user's own publishes by.
 * @param stray told of errors that it throws later, where nobody catches them
 * @throws BenchError where it has none, or that does not open in time or before the signal says so
 */
export async function openPublisher(
  { module, url, headers }: PublisherModule,
  stray: (error: unknown) => void,
  { limitMs = OPEN_MS, signal }: { readonly limitMs?: number; readonly signal?: AbortSignal } = {},
): Promise<CustomPublisher> {
  const driver = await loadCustomDriver(module);
  const abort = new AbortController();
  const failed = Promise.withResolvers<never>();
  const timer = setTimeout(() => failed.reject(new Error(`it did not open within ${limitMs} ms`)), limitMs);
  const onAbort = (): void => failed.reject(new Error('it was not waited for'));
  signal?.addEventListener('abort', onAbort, { once: true });
  let isOpen = false;
  const caught = (error: unknown): void => (isOpen ? stray(error) : failed.reject(error));
  const opening = owning(caught, async () => driver.publisher?.({ url, headers, signal: abort.signal }));
  try {
    const publisher = await Promise.race([opening, failed.promise]);
    if (typeof publisher?.publish !== 'function' || typeof publisher.close !== 'function') {
      throw new Error('it resolved without `publish` and `close`');
    }
    isOpen = true;
    return publisher;
  } catch (error) {
    abort.abort();
    closeLate(opening);
    throw notOpened(module, refusalOf(error, secretsIn(headers)).detail);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** What opens when it is not wanted any more is closed. */
function closeLate(opening: Promise<CustomPublisher | undefined>): void {
  void opening.then(
    (late) => (typeof late?.close === 'function' ? closeWithin(late) : null),
    // Whatever went wrong was told before.
    () => {},
  );
}

function notOpened(module: string, why: string): BenchError {
  return new BenchError(`the publisher of ${module} does not open: ${why}`, {
    exitCode: EXIT.systemUnderTest,
    hint: 'Does the server run, and does `publisher` resolve once it can publish?',
  });
}
