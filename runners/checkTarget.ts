import type { TargetSettings } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import { topicOf } from '../contract/ingest.ts';
import type { CloseDetail } from '../contract/loadDriver.ts';
import { createDriver } from './drivers/registry.ts';

const TIMEOUT_MS = 10_000;

/**
 * One connection to a user's server before any load: it must answer as a stream.
 * @throws BenchError naming what it did instead. Exit code 6.
 */
export async function checkTarget(target: TargetSettings, streams: number): Promise<void> {
  const url = new URL(target.url);
  const path = target.path.replaceAll('{topic}', topicOf(streams - 1));
  const outcome = await new Promise<CloseDetail | null>((resolve, reject) => {
    createDriver(target.protocol, 'lean', {
      slots: 1,
      connectTimeoutMs: TIMEOUT_MS,
      target: () => ({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: Number(url.port || 80),
        path,
        headers: target.headers,
      }),
      events: {
        opened: () => finish(null),
        closed: (_slot, detail) => finish(detail),
        message: () => {},
        gap: () => {},
        retryAfter: () => {},
      },
    }).then((driver) => {
      finish = (detail) => driver.stop().then(() => resolve(detail), reject);
      driver.open(0);
    }, reject);
    let finish: (detail: CloseDetail | null) => void = resolve;
  });
  if (outcome === null) return;
  throw new BenchError(`${target.url}${path} does not answer as an event stream: ${outcome.detail}`, {
    exitCode: EXIT.systemUnderTest,
    hint: `Check it by hand: curl -N '${target.url}${path}' must stay open and show "data:" lines.`,
  });
}
