import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { ClientSecurity } from '../../contract/security.ts';
import { tlsOptions } from '../drivers/tlsOptions.ts';

/** Between two looks. */
const LOOK_MS = 25;
/** For one answer: a server that is still busy with its start may take a connection and forget it. */
const ANSWER_MS = 2_000;

/** How a server is asked whether it serves. */
export interface Readiness {
  readonly endpoint: Endpoint;
  /** Path that answers 2xx then; null: whoever accepts a connection serves. */
  readonly path: string | null;
  /** null: plain TCP. */
  readonly security: ClientSecurity | null;
}

/** What was seen when it was asked last. */
export type Look =
  | { readonly state: 'serves' }
  | { readonly state: 'closed' }
  | { readonly state: 'status'; readonly status: number }
  | { readonly state: 'fault'; readonly detail: string };

/**
 * Asks until it serves, or the signal says so.
 * @returns what was seen last
 */
export async function untilServing(readiness: Readiness, giveUp: AbortSignal): Promise<Look> {
  let seen: Look | null = null;
  for (;;) {
    const look = await lookAt(readiness, giveUp);
    if (look.state === 'serves') return look;
    // The last look was cut short: what it says is of us, not of the server.
    if (giveUp.aborted) return seen ?? look;
    seen = look;
    // A wait that is given up is over.
    await delay(LOOK_MS, undefined, { signal: giveUp }).catch(() => {});
    if (giveUp.aborted) return seen;
  }
}

async function lookAt(readiness: Readiness, giveUp: AbortSignal): Promise<Look> {
  const startUs = nowUs();
  try {
    const status =
      readiness.path === null ? await accepts(readiness.endpoint) : await answer(readiness, giveUp);
    return status >= 200 && status < 300 ? { state: 'serves' } : { state: 'status', status };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
      return { state: 'closed' };
    const seconds = ((nowUs() - startUs) / 1e6).toFixed(1);
    const isSilent = error instanceof Error && error.name === 'TimeoutError';
    return { state: 'fault', detail: isSilent ? `no answer within ${seconds} s` : messageOf(error) };
  }
}

/** @returns the status of a server that says nothing else */
function accepts({ host, port }: Endpoint): Promise<200> {
  const { promise, resolve, reject } = Promise.withResolvers<200>();
  const socket = connect(port, host, () => resolve(200)).on('error', reject);
  return promise.finally(() => socket.destroy());
}

function answer(
  { endpoint: { host, port }, path, security }: Readiness,
  giveUp: AbortSignal,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const signal = AbortSignal.any([giveUp, AbortSignal.timeout(ANSWER_MS)]);
  const options = { host, port, path, agent: false, signal };
  const request =
    security === null ? plainRequest(options) : secureRequest({ ...options, ...tlsOptions(security, host) });
  request.on('response', (response) => {
    resolve(response.statusCode ?? 0);
    response.destroy();
  });
  request.on('error', (error) => reject(error.name === 'AbortError' ? (signal.reason ?? error) : error));
  request.end();
  return promise;
}
