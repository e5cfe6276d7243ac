import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { TestContext } from 'node:test';
import type { Endpoint } from '../contract/pushServer.ts';
import type { ServerFixture, SubscribeOptions, Subscriber } from './serverFixture.ts';
import { EventStreamReader, SSE_FIXTURE } from './serverFixtureSse.ts';

export type H2Head = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** A connection of HTTP/2 with prior knowledge, closed when the test ends. */
export function connectH2(t: TestContext, { host, port }: Endpoint): ClientHttp2Session {
  const session = connect(`http://${host}:${port}`);
  // A server that goes away may reset it.
  session.on('error', () => {});
  t.after(() => session.destroy());
  return session;
}

/** One event stream of a connection. Resolves when the server's first comment is there. */
export async function openH2Stream(
  session: ClientHttp2Session,
  options: SubscribeOptions = {},
): Promise<EventStreamReader> {
  const { topic = 't1', query = '', lastEventId, headers = {}, encoding = 'text' } = options;
  const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const path = `/events?topic=${encodeURIComponent(topic)}${query}`;
  const stream = session.request({ ':path': path, ...headers, ...resume });
  stream.on('error', () => {});
  const [head]: H2Head[] = await once(stream, 'response');
  if (head[':status'] !== 200) throw new Error(`the stream was answered ${head[':status']}`);
  const reader = new EventStreamReader(stream, head, encoding);
  await reader.waitFor(() => reader.comments.length > 0);
  return reader;
}

/** A connection of its own for each subscriber, which goes away with it. */
async function subscribe(
  t: TestContext,
  endpoint: Endpoint,
  options?: SubscribeOptions,
): Promise<Subscriber> {
  const session = connectH2(t, endpoint);
  const reader = await openH2Stream(session, options);
  return {
    headers: reader.headers,
    next: () => reader.next(),
    take: (count) => reader.take(count),
    closed: () => reader.closed(),
    close: () => session.destroy(),
  };
}

export const SSE_H2_FIXTURE: ServerFixture = {
  ...SSE_FIXTURE,
  http1: null,
  subscribe,
  async refusal(t, endpoint, query) {
    const stream = connectH2(t, endpoint).request({ ':path': `/events${query}` });
    const [head]: H2Head[] = await once(stream, 'response');
    const retryAfter = head['retry-after'];
    const why = head[':status'] === 400 ? 'invalid' : 'full';
    if (why === 'full' && head[':status'] !== 503) throw new Error(`answered ${head[':status']}`);
    return { why, retryAfter: retryAfter === undefined ? null : Number(retryAfter) };
  },
  async stopReading(t, endpoint) {
    const stream = connectH2(t, endpoint).request({ ':path': '/events?topic=t1' });
    stream.on('error', () => {});
    stream.pause();
  },
  hasCors: false,
};
