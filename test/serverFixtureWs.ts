import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { Endpoint } from '../contract/pushServer.ts';
import { EventMessage } from '../servers/encoding.ts';
import { Inbox } from './inbox.ts';
import type { Received, ServerFixture, SubscribeOptions, Subscriber } from './serverFixture.ts';
import { http1Fixture } from './serverFixtureHttp1.ts';

const LINE_FEED = 0x0a;

class WsSubscriber implements Subscriber {
  readonly headers: IncomingHttpHeaders;
  readonly #socket: WebSocket;
  readonly #inbox: Inbox<Received>;

  constructor(socket: WebSocket, inbox: Inbox<Received>, headers: IncomingHttpHeaders) {
    this.headers = headers;
    this.#socket = socket;
    this.#inbox = inbox;
  }

  next(): Promise<Received> {
    return this.#inbox.next();
  }

  take(count: number): Promise<Received[]> {
    return this.#inbox.take(count);
  }

  async closed(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, 'close');
  }

  close(): void {
    this.#socket.terminate();
  }
}

async function subscribe(
  t: TestContext,
  { host, port }: Endpoint,
  { topic = 't1', lastEventId, query = '', headers = {} }: SubscribeOptions = {},
): Promise<Subscriber> {
  const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const url = `ws://${host}:${port}/ws?topic=${encodeURIComponent(topic)}${query}`;
  const socket = new WebSocket(url, { headers: { ...headers, ...resume } });
  t.after(() => socket.terminate());
  const inbox = new Inbox<Received>();
  socket.on('message', (data: Buffer, isBinary) => inbox.put(received(data, isBinary)));
  socket.on('close', () => inbox.close());
  const upgraded: Promise<IncomingMessage[]> = once(socket, 'upgrade');
  const [response] = await upgraded;
  // After that a reset is an end like any other; `close` follows.
  socket.on('error', () => {});
  return new WsSubscriber(socket, inbox, response.headers);
}

/** The encoding shows by itself: binary, JSON, or an id and a line feed before the body. */
function received(data: Buffer, isBinary: boolean): Received {
  if (isBinary) return fromProtobuf(data);
  if (data[0] === 0x7b) return fromJson(JSON.parse(data.toString()));
  const end = data.indexOf(LINE_FEED);
  const id = Number(data.toString('latin1', 0, end));
  return { kind: 'message', id, topic: null, body: data.subarray(end + 1) };
}

function fromProtobuf(data: Buffer): Received {
  const event = EventMessage.toObject(EventMessage.decode(data), { longs: Number, defaults: true });
  return { kind: 'message', id: event.id, topic: event.topic, body: event.data };
}

function fromJson(message: Record<string, unknown>): Received {
  const { id, type, topic, payload, from, to } = message;
  if (type === 'gap' && typeof to === 'number' && (from === null || typeof from === 'number')) {
    return { kind: 'gap', from, to };
  }
  if (typeof id !== 'number' || typeof topic !== 'string' || typeof payload !== 'string') {
    throw new Error(`no message of ours: ${JSON.stringify(message)}`);
  }
  return { kind: 'message', id, topic, body: Buffer.from(payload) };
}

const HANDSHAKE = [
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
].join('\r\n');

export const WS_FIXTURE: ServerFixture = {
  ...http1Fixture({
    path: '/ws',
    request: (query) => `GET /ws${query} HTTP/1.1\r\n${HANDSHAKE}\r\n\r\n`,
    accepted: /^HTTP\/1\.1 101 /,
  }),
  subscribe,
  arrives: (body) => body,
  isConnection: true,
  resumesByHeader: true,
  hasCors: false,
};
