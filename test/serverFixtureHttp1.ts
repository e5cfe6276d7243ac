import { once } from 'node:events';
import { connectRaw } from './serverConformanceClient.ts';
import type { Http1Subscription, ServerFixture } from './serverFixture.ts';

/** Ids in text may be anything. */
const NEVER_ASSIGNED = ['99', 'abc', '-1', '1e3', '9'.repeat(40)];

const REASONS: Readonly<Record<string, 'invalid' | 'full'>> = { 400: 'invalid', 503: 'full' };

/** What all protocols share whose subscriptions are requests of HTTP/1.1. */
export function http1Fixture(
  http1: Http1Subscription,
): Pick<ServerFixture, 'http1' | 'refusal' | 'stopReading' | 'neverAssigned' | 'carriesBytes'> {
  return {
    http1,
    neverAssigned: NEVER_ASSIGNED,
    carriesBytes: false,
    async refusal(t, endpoint, query) {
      const socket = await connectRaw(t, endpoint);
      socket.setEncoding('latin1');
      let head = '';
      socket.write(http1.request(query));
      while (!head.includes('\r\n\r\n')) head += (await once(socket, 'data'))[0];
      const status = head.slice(9, 12);
      const why = REASONS[status];
      if (why === undefined) throw new Error(`the subscription was answered ${status}`);
      const retryAfter = /\r\nRetry-After: (\d+)/i.exec(head);
      return { why, retryAfter: retryAfter === null ? null : Number(retryAfter[1]) };
    },
    async stopReading(t, endpoint) {
      const socket = await connectRaw(t, endpoint);
      socket.pause();
      socket.write(http1.request('?topic=t1'));
    },
  };
}
