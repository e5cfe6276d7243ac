import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { Encoding, Endpoint } from '../contract/pushServer.ts';
import { EventMessage } from '../servers/encoding.ts';
import { Inbox } from './inbox.ts';
import type { Received, ServerFixture, SubscribeOptions, Subscriber } from './serverFixture.ts';
import { http1Fixture } from './serverFixtureHttp1.ts';

export interface StreamEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** An event stream: messages and gaps in order; what else an event stream has, beside them. */
export class EventStreamReader implements Subscriber {
  readonly headers: IncomingHttpHeaders;
  readonly comments: string[] = [];
  /** Events that are neither a message nor a gap. */
  readonly others: StreamEvent[] = [];
  retryMs: number | null = null;
  readonly #response: Readable;
  readonly #inbox = new Inbox<Received>();
  readonly #encoding: Encoding;
  #rest = '';

  constructor(response: Readable, headers: IncomingHttpHeaders, encoding: Encoding) {
    this.headers = headers;
    this.#response = response;
    this.#encoding = encoding;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#read(chunk));
    // A reset ends the stream as well; `close` follows.
    response.on('error', () => {});
    response.on('close', () => this.#inbox.close());
  }

  next(): Promise<Received> {
    return this.#inbox.next();
  }

  take(count: number): Promise<Received[]> {
    return this.#inbox.take(count);
  }

  waitFor(condition: () => boolean): Promise<void> {
    return this.#inbox.waitFor(condition);
  }

  async closed(): Promise<void> {
    // Not `once` of node:events, which rejects where a reset comes before the close.
    if (!this.#response.closed) await new Promise((resolve) => this.#response.once('close', resolve));
  }

  close(): void {
    this.#response.destroy();
  }

  #read(chunk: string): void {
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#readBlock(block);
    this.#inbox.wake();
  }

  #readBlock(block: string): void {
    let event = 'message';
    let id: string | null = null;
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const [, field, value] = /^([^:]*): ?(.*)$/su.exec(line) ?? [];
      if (field === '') this.comments.push(value);
      else if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
      else if (field === 'event') event = value;
      else if (field === 'retry') this.retryMs = Number(value);
      else throw new Error(`no field of an event stream: ${JSON.stringify(line.slice(0, 80))}`);
    }
    if (data.length > 0) this.#take({ event, id, data: data.join('\n') });
  }

  #take(event: StreamEvent): void {
    if (event.event === 'gap') this.#inbox.put(gapOf(event));
    else if (event.event === 'message') this.#inbox.put(messageOf(event, this.#encoding));
    else this.others.push(event);
  }
}

function gapOf({ id, data }: StreamEvent): Received {
  const { from, to } = JSON.parse(data);
  if (id !== String(to)) throw new Error(`a gap to ${to} has the id ${id}`);
  return { kind: 'gap', from, to };
}

function messageOf({ id, data }: StreamEvent, encoding: Encoding): Received {
  const frameId = Number(id);
  if (encoding === 'text') return { kind: 'message', id: frameId, topic: null, body: Buffer.from(data) };
  const event = encoding === 'json' ? JSON.parse(data) : fromProtobuf(data);
  if (event.id !== frameId) throw new Error(`an event ${frameId} holds the id ${event.id}`);
  return { kind: 'message', id: frameId, topic: event.topic, body: Buffer.from(event.data) };
}

function fromProtobuf(base64: string): Record<string, unknown> {
  const message = EventMessage.decode(Buffer.from(base64, 'base64'));
  return EventMessage.toObject(message, { longs: Number, defaults: true });
}

/** Resolves when the server's first comment is there. */
export async function openEventStream(
  t: TestContext,
  endpoint: Endpoint,
  options: SubscribeOptions = {},
): Promise<EventStreamReader> {
  const { topic = 't1', query = '', lastEventId, headers = {}, encoding = 'text' } = options;
  const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const path = `/events?topic=${encodeURIComponent(topic)}${query}`;
  const sent = request({ ...endpoint, path, agent: false, headers: { ...headers, ...resume } });
  t.after(() => sent.destroy());
  sent.end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response.statusCode !== 200) throw new Error(`the stream was answered ${response.statusCode}`);
  const stream = new EventStreamReader(response, response.headers, encoding);
  await stream.waitFor(() => stream.comments.length > 0);
  return stream;
}

export const SSE_FIXTURE: ServerFixture = {
  ...http1Fixture({
    path: '/events',
    request: (query) => `GET /events${query} HTTP/1.1\r\nHost: x\r\n\r\n`,
    accepted: /^HTTP\/1\.1 200 OK\r\n/,
  }),
  subscribe: openEventStream,
  // CR, LF and CRLF all end a line (WHATWG HTML 9.2.6): a client sees each of them as LF.
  arrives: (body) => body.replaceAll(/\r\n|\r/g, '\n'),
  isConnection: true,
  resumesByHeader: true,
  hasCors: true,
};
