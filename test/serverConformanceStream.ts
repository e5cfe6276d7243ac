import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { TestContext } from 'node:test';
import type { Endpoint } from '../contract/pushServer.ts';

export interface StreamEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

export interface OpenOptions {
  readonly topic?: string;
  readonly lastEventId?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** An event stream as a test sees it: events in order, comments and retry beside them. */
export class EventStreamReader {
  readonly comments: string[] = [];
  readonly headers: IncomingHttpHeaders;
  retryMs: number | null = null;
  readonly #response: IncomingMessage;
  readonly #events: StreamEvent[] = [];
  #taken = 0;
  #wake: () => void = () => {};
  #rest = '';

  constructor(response: IncomingMessage) {
    this.headers = response.headers;
    this.#response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#read(chunk));
    // A reset ends the stream as well; `close` follows.
    response.on('error', () => {});
    response.on('close', () => this.#wake());
  }

  /** The next event. Rejects where the stream ends first. */
  async next(): Promise<StreamEvent> {
    await this.waitFor(() => this.#taken < this.#events.length);
    return this.#events[this.#taken++];
  }

  async take(count: number): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  async waitFor(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#response.closed) throw new Error('the stream ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  get isClosed(): boolean {
    return this.#response.closed;
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
    this.#wake();
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
    if (data.length > 0) this.#events.push({ event, id, data: data.join('\n') });
  }
}

/** Opens a stream that is closed when the test ends; resolves when the server's first comment is there. */
export async function openStream(
  t: TestContext,
  endpoint: Endpoint,
  options: OpenOptions = {},
): Promise<EventStreamReader> {
  const { topic = 't1', query = '', lastEventId, headers = {} } = options;
  const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const path = `/events?topic=${encodeURIComponent(topic)}${query}`;
  const sent = request({ ...endpoint, path, agent: false, headers: { ...headers, ...resume } });
  t.after(() => sent.destroy());
  sent.end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response.statusCode !== 200) throw new Error(`the stream was answered ${response.statusCode}`);
  const stream = new EventStreamReader(response);
  await stream.waitFor(() => stream.comments.length > 0);
  return stream;
}

/** The ids of events, as numbers. */
export function idsOf(events: readonly StreamEvent[]): number[] {
  return events.map(({ id }) => Number(id));
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
