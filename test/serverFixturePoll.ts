import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { TestContext } from 'node:test';
import type { Encoding, Endpoint } from '../contract/pushServer.ts';
import { EventMessage } from '../servers/encoding.ts';
import { Inbox } from './inbox.ts';
import type { Received, ServerFixture, SubscribeOptions, Subscriber } from './serverFixture.ts';
import { http1Fixture } from './serverFixtureHttp1.ts';

export interface PollAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One client that polls over a connection of its own, kept where the server keeps it. */
export class PollClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #endpoint: Endpoint;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(t: TestContext, endpoint: Endpoint, headers: Readonly<Record<string, string>> = {}) {
    this.#endpoint = endpoint;
    this.#headers = headers;
    t.after(() => this.close());
  }

  /** Rejects where the connection ends before the answer. */
  async poll(path: string, headers: Readonly<Record<string, string>> = {}): Promise<PollAnswer> {
    const sent = request({
      ...this.#endpoint,
      path,
      agent: this.#agent,
      headers: { ...this.#headers, ...headers },
    });
    sent.end();
    const [response]: IncomingMessage[] = await once(sent, 'response');
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part);
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
  }

  close(): void {
    this.#agent.destroy();
  }
}

function queryOf({ topic = 't1' }: SubscribeOptions): string {
  return `?topic=${encodeURIComponent(topic)}`;
}

/** Polls only when it is asked for the next state, and again until there is a newer one. */
class StateReader implements Subscriber {
  readonly headers: IncomingHttpHeaders;
  readonly #client: PollClient;
  readonly #path: string;
  readonly #encoding: Encoding;
  #seen: PollAnswer;

  constructor(client: PollClient, path: string, encoding: Encoding, first: PollAnswer) {
    this.headers = first.headers;
    this.#client = client;
    this.#path = path;
    this.#encoding = encoding;
    this.#seen = first;
  }

  async next(): Promise<Received> {
    for (;;) {
      const tag = this.#seen.headers.etag;
      const answer = await this.#client.poll(this.#path, tag === undefined ? {} : { 'if-none-match': tag });
      const isSeen = this.#seen.status === 200 && answer.body.equals(this.#seen.body);
      if (answer.status !== 200 || isSeen) continue;
      this.#seen = answer;
      return stateOf(answer, this.#encoding);
    }
  }

  async take(count: number): Promise<Received[]> {
    const states: Received[] = [];
    while (states.length < count) states.push(await this.next());
    return states;
  }

  async closed(): Promise<void> {
    await this.#client.poll(this.#path).then(
      () => this.closed(),
      () => {},
    );
  }

  close(): void {
    this.#client.close();
  }
}

function stateOf({ headers, body }: PollAnswer, encoding: Encoding): Received {
  if (encoding === 'text') {
    const id = Number(headers.etag?.slice(1, -1) ?? Number.NaN);
    return { kind: 'message', id, topic: null, body };
  }
  const event = encoding === 'json' ? JSON.parse(body.toString()) : objectOf(EventMessage.decode(body));
  return { kind: 'message', id: event.id, topic: event.topic, body: Buffer.from(event.data) };
}

function objectOf(message: ReturnType<typeof EventMessage.decode>): Record<string, unknown> {
  return EventMessage.toObject(message, { longs: Number, defaults: true });
}

export const POLL_STATE_FIXTURE: ServerFixture = {
  ...http1Fixture({
    path: '/state',
    request: (query) => `GET /state${query} HTTP/1.1\r\nHost: x\r\n\r\n`,
    accepted: /^HTTP\/1\.1 204 /,
  }),
  async subscribe(t, endpoint, options = {}) {
    const client = new PollClient(t, endpoint, options.headers);
    const path = `/state${queryOf(options)}`;
    const first = await client.poll(path);
    return new StateReader(client, path, options.encoding ?? 'text', first);
  },
  arrives: (body) => body,
  isConnection: false,
  resumesByHeader: false,
  hasCors: true,
};

/** Asks again as soon as it is answered, from the cursor of the last answer. */
class LongPollReader implements Subscriber {
  headers: IncomingHttpHeaders = {};
  readonly #client: PollClient;
  readonly #path: string;
  readonly #inbox = new Inbox<Received>();
  readonly #ended: Promise<void>;
  #cursor: string;

  constructor(client: PollClient, path: string, cursor: string) {
    this.#client = client;
    this.#path = path;
    this.#cursor = cursor;
    this.#ended = this.#run().catch(() => this.#inbox.close());
  }

  next(): Promise<Received> {
    return this.#inbox.next();
  }

  take(count: number): Promise<Received[]> {
    return this.#inbox.take(count);
  }

  closed(): Promise<void> {
    return this.#ended;
  }

  close(): void {
    this.#client.close();
  }

  async #run(): Promise<never> {
    for (;;) {
      const answer = await this.#client.poll(`${this.#path}&cursor=${encodeURIComponent(this.#cursor)}`);
      if (answer.status !== 200 && answer.status !== 204)
        throw new Error(`the poll was answered ${answer.status}`);
      this.#cursor = String(answer.headers['x-cursor']);
      for (const received of receivedOf(answer)) this.#inbox.put(received);
    }
  }
}

/** What an answer to a long poll holds: the encoding shows by its content type. */
export function receivedOf({ status, headers, body }: PollAnswer): Received[] {
  if (status === 204) return [];
  const gap = gapOf(headers['x-gap']);
  if (headers['content-type'] === 'application/x-protobuf') return [...gap, ...delimited(body)];
  const list = JSON.parse(body.toString());
  if (String(list.cursor) !== headers['x-cursor']) throw new Error(`two cursors: ${body}`);
  if ((list.gap === null) !== (gap.length === 0)) throw new Error(`a gap in one place only: ${body}`);
  const events: { id: number; topic: string; data: string }[] = list.events;
  return [
    ...gap,
    ...events.map(({ id, topic, data }) => ({
      kind: 'message' as const,
      id,
      topic,
      body: Buffer.from(data),
    })),
  ];
}

function gapOf(header: string | string[] | undefined): Received[] {
  if (typeof header !== 'string') return [];
  const [from, to] = header.split('-');
  return [{ kind: 'gap', from: from === '*' ? null : Number(from), to: Number(to) }];
}

function delimited(body: Buffer): Received[] {
  const messages: Received[] = [];
  let rest = body;
  while (rest.length > 0) {
    const message = EventMessage.decodeDelimited(rest);
    const { id, topic, data } = EventMessage.toObject(message, { longs: Number, defaults: true });
    messages.push({ kind: 'message', id, topic, body: data });
    rest = rest.subarray(EventMessage.encodeDelimited(message).finish().length);
  }
  return messages;
}

export const LONG_POLL_FIXTURE: ServerFixture = {
  ...http1Fixture({
    path: '/poll',
    request: (query) => `GET /poll${query} HTTP/1.1\r\nHost: x\r\n\r\n`,
    accepted: /^HTTP\/1\.1 200 /,
  }),
  async subscribe(t, endpoint, options = {}) {
    const client = new PollClient(t, endpoint, options.headers);
    const path = `/poll${queryOf(options)}`;
    const given = options.lastEventId ?? new URLSearchParams(options.query).get('lastEventId') ?? '';
    if (given !== '') return new LongPollReader(client, path, given);
    const first = await client.poll(path);
    const reader = new LongPollReader(client, path, String(first.headers['x-cursor']));
    reader.headers = first.headers;
    return reader;
  },
  arrives: (body) => body,
  isConnection: false,
  resumesByHeader: false,
  hasCors: true,
};
