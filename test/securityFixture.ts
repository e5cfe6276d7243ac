import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { Endpoint } from '../contract/pushServer.ts';
import { Inbox } from './inbox.ts';
import type { Presented } from './securityCases.ts';
import { EventStreamReader } from './serverFixtureSse.ts';

/** A client at the door of a server: who it says it is, and whom it trusts. */
export interface Visit extends Presented {
  readonly endpoint: Endpoint;
  /** PEM of the authority that the server's certificate is checked against. */
  readonly ca: string;
}

/** What came of an attempt to subscribe. */
export type Attempt =
  | {
      readonly state: 'open';
      /** Data of the next message. */
      next(): Promise<string>;
      /** When the server has ended it. */
      ended(): Promise<void>;
    }
  /** `status` of HTTP, or the name of one of gRPC. */
  | { readonly state: 'refused'; readonly status: number | string; readonly challenge: string | undefined }
  /** TLS ended the connection. */
  | { readonly state: 'broken' };

/** What the security suite has to know of a protocol. */
export interface SecurityFixture {
  readonly stage: string;
  readonly variant: string;
  subscribe(t: TestContext, visit: Visit): Promise<Attempt>;
}

function tlsOf({ ca, certificate, tlsVersion = 'TLSv1.3' }: Visit) {
  const own = certificate === null ? {} : { cert: certificate.certificate, key: certificate.privateKey };
  return { ca, servername: 'localhost', maxVersion: tlsVersion, minVersion: tlsVersion, ...own };
}

/** One HTTPS request on a connection of its own; null: TLS ended it. */
export async function ask(
  t: Pick<TestContext, 'after'>,
  visit: Visit,
  { body, ...options }: RequestOptions & { readonly path: string; readonly body?: string },
): Promise<IncomingMessage | null> {
  const headers = { ...visit.headers, ...options.headers };
  const sent = request({ ...visit.endpoint, agent: false, ...tlsOf(visit), ...options, headers });
  t.after(() => sent.destroy());
  sent.end(body);
  try {
    const [response]: IncomingMessage[] = await once(sent, 'response');
    return response;
  } catch {
    return null;
  }
}

async function refusedBy(response: IncomingMessage): Promise<Attempt> {
  response.resume();
  return {
    state: 'refused',
    status: response.statusCode ?? 0,
    challenge: response.headers['www-authenticate'],
  };
}

export function sseFixture(variant: string): SecurityFixture {
  return {
    stage: 'sse',
    variant,
    async subscribe(t, visit) {
      const response = await ask(t, visit, { path: '/events?topic=t1' });
      if (response === null) return { state: 'broken' };
      if (response.statusCode !== 200) return refusedBy(response);
      return openStream(new EventStreamReader(response, response.headers, 'text'));
    },
  };
}

async function openStream(reader: EventStreamReader): Promise<Attempt> {
  await reader.waitFor(() => reader.comments.length > 0);
  return {
    state: 'open',
    async next() {
      const received = await reader.next();
      return received.kind === 'message' ? received.body.toString() : received.kind;
    },
    ended: () => reader.closed(),
  };
}

/** One HTTP/2 connection for each subscription. */
export const SSE_H2_FIXTURE: SecurityFixture = {
  stage: 'sse',
  variant: 'h2',
  async subscribe(t, visit) {
    const { host, port } = visit.endpoint;
    const session = connect(`https://${host}:${port}`, tlsOf(visit));
    t.after(() => session.destroy());
    // The stream tells of it as well.
    session.on('error', () => {});
    const stream = session.request({ ':path': '/events?topic=t1', ...visit.headers });
    stream.on('error', () => {});
    const closed = new Promise<null>((resolve) => stream.once('close', () => resolve(null)));
    const answered = new Promise<IncomingHttpHeaders>((resolve) => stream.once('response', resolve));
    const headers = await Promise.race([answered, closed]);
    if (headers === null) return { state: 'broken' };
    const status = Number(headers[':status']);
    if (status !== 200) return { state: 'refused', status, challenge: headers['www-authenticate'] };
    return openStream(new EventStreamReader(stream, headers, 'text'));
  },
};

/** A subscription is a poll that was answered; the next message is what a poll after it shows. */
export const POLL_FIXTURE: SecurityFixture = {
  stage: 'poll',
  variant: 'conditional',
  async subscribe(t, visit) {
    const poll = () => ask(t, visit, { path: '/state?topic=t1' });
    const response = await poll();
    if (response === null) return { state: 'broken' };
    if (response.statusCode === 401) return refusedBy(response);
    response.resume();
    return {
      state: 'open',
      async next() {
        const answer = await poll();
        return answer === null ? '' : ((await text(answer)).split('\n').at(-1) ?? '');
      },
      ended: () => Promise.resolve(),
    };
  },
};

export const LONG_POLL_FIXTURE: SecurityFixture = {
  stage: 'poll',
  variant: 'long',
  async subscribe(t, visit) {
    const first = await ask(t, visit, { path: '/poll?topic=t1' });
    if (first === null) return { state: 'broken' };
    if (first.statusCode === 401) return refusedBy(first);
    first.resume();
    let cursor = String(first.headers['x-cursor']);
    const poll = async (): Promise<string> => {
      const answer = await ask(t, visit, { path: `/poll?topic=t1&cursor=${cursor}` });
      if (answer === null) return '';
      cursor = String(answer.headers['x-cursor']);
      return text(answer);
    };
    return {
      state: 'open',
      next: async () => String(JSON.parse(await poll()).events[0].data),
      ended: async () => {
        await poll();
      },
    };
  },
};

export const WS_FIXTURE: SecurityFixture = {
  stage: 'ws',
  variant: 'prepared',
  async subscribe(t, visit) {
    const { host, port } = visit.endpoint;
    const socket = new WebSocket(`wss://${host}:${port}/ws?topic=t1`, {
      headers: { ...visit.headers },
      ...tlsOf(visit),
    });
    t.after(() => socket.terminate());
    const inbox = new Inbox<string>();
    // The text encoding: an id, a line feed and the data.
    socket.on('message', (data) => inbox.put(String(data).split('\n').slice(1).join('\n')));
    socket.on('close', () => inbox.close());
    return new Promise((resolve) => {
      socket.on('error', () => resolve({ state: 'broken' }));
      socket.on('unexpected-response', (_, response) => resolve(refusedBy(response)));
      socket.on('open', () =>
        resolve({
          state: 'open',
          next: () => inbox.next(),
          async ended() {
            if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
          },
        }),
      );
    });
  },
};
