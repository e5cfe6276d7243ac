import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { messageOf } from '../../contract/errors.ts';
import {
  BATCH_CONTENT_TYPE,
  DEFAULT_TOPIC,
  KIND_HEADER,
  TOPIC_HEADER,
  TYPING_KIND,
} from '../../contract/ingest.ts';
import { type Refusal, refusalHeaders } from '../flow/refusal.ts';
import { isTopic, TOPIC_RULE } from '../topics.ts';
import { answerJson, answerText, type Response } from './answer.ts';
import { type BatchRecord, type ParsedBatch, parseBatch } from './batch.ts';

/** A publish on its way in, by HTTP/1.1 or HTTP/2. */
export type PublishRequest = Readable & { readonly headers: IncomingHttpHeaders };

/** Where accepted messages go. */
export interface IngestSink {
  /** True while so much waits for slow readers that nothing more is taken. */
  isFull(): boolean;
  /**
   * Assigns ids and stores the events for replay; the fan-out comes after the answer. A sink that hands them to a bus
   * returns a promise, which is fulfilled once the bus has assigned the ids: no 202 is sent before.
   * @returns the last id.
   * @throws IngestUnavailable where nothing can be taken now: the promise is rejected with it
   */
  accept(records: readonly BatchRecord[]): number | Promise<number>;
  /** Typing notices: passed on and not kept; absent: this server relays none. */
  relay?(records: readonly BatchRecord[]): void;
  /** A publish is refused: counts it, and says why. */
  refused(): Refusal;
}

/** What accepted messages go to is away: answered 503, to be tried again. */
export class IngestUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IngestUnavailable';
  }
}

const RETRY_AFTER = ['Retry-After', '1'];
const CLOSE = ['Connection', 'close'];

/** `POST /publish`, single and batch, see `contract/ingest.ts`. */
export class Ingest {
  readonly #sink: IngestSink;
  readonly #maxBytes: number;

  constructor(sink: IngestSink, maxBytes: number) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  handle(request: PublishRequest, response: Response, headers: readonly string[]): void {
    if (Number(request.headers['content-length']) > this.#maxBytes) {
      this.#tooLarge(response, headers);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= this.#maxBytes) chunks.push(chunk);
      else if (!response.headersSent) this.#tooLarge(response, headers);
    });
    request.on('end', () => {
      if (response.headersSent) return;
      this.#publish(request, response, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), headers);
    });
  }

  #publish(request: PublishRequest, response: Response, body: Buffer, headers: readonly string[]): void {
    if (this.#sink.isFull()) {
      const refusal = refusalHeaders(this.#sink.refused());
      const text = 'too much waits for slow readers; try again later';
      answerText(response, 429, text, [...refusal, ...headers]);
      return;
    }
    const batch = parseBody(request, body);
    const kind = request.headers[KIND_HEADER];
    if (batch.state === 'damaged') answerText(response, 400, batch.fault, headers);
    else if (kind === undefined) this.#accept(batch.records, response, headers);
    else if (kind === TYPING_KIND && this.#sink.relay !== undefined) {
      this.#sink.relay(batch.records);
      answerJson(response, 202, `{"accepted":${batch.records.length}}`, headers);
    } else answerText(response, 400, `${KIND_HEADER}: ${String(kind)} is not taken here`, headers);
  }

  /** Answers stay in the order of the requests however long each takes: node:http holds back those that are early. */
  #accept(records: readonly BatchRecord[], response: Response, headers: readonly string[]): void {
    const taken = (lastId: number): void =>
      answerJson(response, 202, `{"accepted":${records.length},"lastId":${lastId}}`, headers);
    const lastId = this.#sink.accept(records);
    if (typeof lastId === 'number') taken(lastId);
    else lastId.then(taken, (error: unknown) => notTaken(error, response, headers));
  }

  /** Closes the connection: the rest of the body is not worth reading. */
  #tooLarge(response: Response, headers: readonly string[]): void {
    answerText(response, 413, `a publish body may hold ${this.#maxBytes} bytes`, [...CLOSE, ...headers]);
  }
}

function notTaken(error: unknown, response: Response, headers: readonly string[]): void {
  if (error instanceof IngestUnavailable)
    answerText(response, 503, error.message, [...RETRY_AFTER, ...headers]);
  else answerText(response, 500, `publish: ${messageOf(error)}`, headers);
}

function parseBody(request: PublishRequest, body: Buffer): ParsedBatch {
  if (request.headers['content-type'] === BATCH_CONTENT_TYPE) return parseBatch(body);
  const topic = request.headers[TOPIC_HEADER] ?? DEFAULT_TOPIC;
  if (typeof topic !== 'string' || !isTopic(topic)) {
    return { state: 'damaged', fault: `${TOPIC_HEADER}: ${TOPIC_RULE}` };
  }
  return { state: 'parsed', records: [{ topic, data: body }] };
}
