import type { TargetSettings } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import { topicOf } from '../contract/ingest.ts';
import type {
  CloseDetail,
  CustomDriverOptions,
  DriverEvents,
  PollingOptions,
} from '../contract/loadDriver.ts';
import { adviseTarget } from './checkTargetAdvice.ts';
import { closeWithin } from './drivers/custom/closeWithin.ts';
import { loadCustomDriver } from './drivers/custom/loadCustomDriver.ts';
import { openPublisher } from './drivers/custom/openPublisher.ts';
import { callOf } from './drivers/grpc/subscription.ts';
import { createDriver } from './drivers/registry.ts';
import { type ClientValues, clientRequests } from './fleet/clientRequest.ts';
import { hideSecrets } from './fleet/hideSecrets.ts';
import { tokensOfSlots } from './fleet/tokens.ts';
import { Interrupted } from './session/interrupted.ts';
import { targetEndpoint } from './targetEndpoint.ts';

const TIMEOUT_MS = 10_000;
/** A subscription that ends within this time of its beginning is none. */
const STAYS_OPEN_MS = 500;
/** Between two polls of the check: several must be answered while it lasts. */
const POLL_INTERVAL_MS = 100;

/**
 * One client of a user's server before any load: it must be accepted, and stay so.
 * @throws BenchError naming what the server did instead. Exit code 6. Interrupted
 */
export async function checkTarget(
  target: TargetSettings,
  streams: number,
  signal: AbortSignal,
  timeoutMs: number = TIMEOUT_MS,
): Promise<void> {
  const values = { topic: topicOf(streams - 1), slot: 0, token: firstToken(target) };
  const fault = await faultOf(target, values, signal, timeoutMs);
  if (signal.aborted) throw new Interrupted();
  if (fault === null) return checkPublisher(target, signal, timeoutMs);
  // A token is a secret: its placeholder stays.
  const path = target.path.replaceAll('{topic}', values.topic).replaceAll('{slot}', '0');
  // A room travels in the request of a call, not in its name.
  const url = `${target.url}${target.protocol === 'grpc' ? callOf(path).path : path}`;
  const { failing, hint } = adviseTarget(target, url, fault);
  throw new BenchError(`${url} ${failing}: ${fault.detail}`, { exitCode: EXIT.systemUnderTest, hint });
}

/** That of the first client. */
function firstToken({ tokensFile }: TargetSettings): string | null {
  return tokensFile === null ? null : tokensOfSlots(tokensFile, 0, 1)[0];
}

/** What a driver of the user's own publishes by, where nothing else does, opens as well. */
async function checkPublisher(
  { driver, url, publishUrl, publishHeaders: headers }: TargetSettings,
  signal: AbortSignal,
  limitMs: number,
): Promise<void> {
  if (driver === null || publishUrl !== null) return;
  const { publisher } = await loadCustomDriver(driver);
  if (publisher === undefined) return;
  try {
    // What it throws while it closes tells nothing of the run.
    const opened = await openPublisher({ module: driver, url, headers }, () => {}, { limitMs, signal });
    await closeWithin(opened);
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  }
}

/** Why the one client was turned away; null where it was not, or the user lost patience. */
async function faultOf(
  target: TargetSettings,
  values: ClientValues,
  signal: AbortSignal,
  connectTimeoutMs: number,
): Promise<CloseDetail | null> {
  const { host, port } = targetEndpoint(target.url);
  const request = clientRequests(target)(values);
  // The first word counts: stopping the driver closes the connection as well.
  const seen = Promise.withResolvers<CloseDetail | null>();
  let opened: NodeJS.Timeout | undefined;
  const driver = await createDriver(target.protocol, 'lean', {
    slots: 1,
    connectTimeoutMs,
    polling: pollingOf(target),
    security: target.security,
    streamsPerConnection: 1,
    grpc: target.grpc,
    custom: customOf(target, values),
    target: () => ({ host, port, ...request }),
    events: eventsOf(
      () => {
        opened = setTimeout(() => seen.resolve(null), STAYS_OPEN_MS);
      },
      (detail) => seen.resolve(hideSecrets(detail, request, values)),
    ),
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

function customOf(
  { driver, url }: TargetSettings,
  { topic, token }: ClientValues,
): CustomDriverOptions | null {
  if (driver === null) return null;
  return { module: driver, url, firstSlot: 0, topicOf: () => topic, tokenOf: () => token };
}

function pollingOf({ protocol, polling }: TargetSettings): PollingOptions | null {
  if (protocol !== 'poll') return null;
  return { mode: polling, intervalMs: POLL_INTERVAL_MS, jitter: 0, backoff: 1, seed: 1 };
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
