import type { TargetSettings } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import { topicOf } from '../contract/ingest.ts';
import type { CloseDetail, DriverEvents } from '../contract/loadDriver.ts';
import { createDriver } from './drivers/registry.ts';

const TIMEOUT_MS = 10_000;
/** A stream that ends within this time of its head is none. */
const STAYS_OPEN_MS = 500;

/**
 * One connection to a user's server before any load: it must answer as a stream, and stay open.
 * @throws BenchError naming what it did instead. Exit code 6.
 */
export async function checkTarget(
  target: TargetSettings,
  streams: number,
  signal: AbortSignal,
): Promise<void> {
  const path = target.path.replaceAll('{topic}', topicOf(streams - 1));
  const fault = await faultOf(target, path, signal);
  if (fault === null) return;
  throw new BenchError(`${target.url}${path} does not answer as an event stream: ${fault.detail}`, {
    exitCode: EXIT.systemUnderTest,
    hint: `Check it by hand: curl -N '${target.url}${path}' must stay open and show "data:" lines.`,
  });
}

/** Why the one connection closed; null where it stayed open, or the user lost patience. */
async function faultOf(
  target: TargetSettings,
  path: string,
  signal: AbortSignal,
): Promise<CloseDetail | null> {
  const url = new URL(target.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 80);
  // The first word counts: stopping the driver closes the connection as well.
  const seen = Promise.withResolvers<CloseDetail | null>();
  let opened: NodeJS.Timeout | undefined;
  const driver = await createDriver(target.protocol, 'lean', {
    slots: 1,
    connectTimeoutMs: TIMEOUT_MS,
    polling: null,
    target: () => ({ host, port, path, headers: target.headers }),
    events: eventsOf(() => {
      opened = setTimeout(() => seen.resolve(null), STAYS_OPEN_MS);
    }, seen.resolve),
  });
  const onAbort = (): void => seen.resolve(null);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (!signal.aborted) driver.open(0);
    else onAbort();
    return await seen.promise;
  } finally {
    clearTimeout(opened);
    signal.removeEventListener('abort', onAbort);
    await driver.stop();
  }
}

function eventsOf(opened: () => void, closed: (detail: CloseDetail) => void): DriverEvents {
  return {
    opened,
    closed: (_slot, detail) => closed(detail),
    message: () => {},
    state: () => {},
    gap: () => {},
    retryAfter: () => {},
  };
}
