import type { Envelope } from '../../contract/envelope.ts';
import { BATCH_CONTENT_TYPE, TOPIC_HEADER, topicOf } from '../../contract/ingest.ts';
import type { PublisherStart } from '../../contract/publisherControl.ts';
import type { PayloadWriter } from './payload.ts';

/** Messages in one batch: bounds the time for which the server's loop parses, and stays under its body limit. */
export const BATCH_MESSAGES = 128;
const BATCH_BYTES = 512 * 1_024;

/** Messages that one request may carry. */
export function batchLimit(start: PublisherStart): number {
  if (!start.batch) return 1;
  return Math.max(1, Math.min(BATCH_MESSAGES, Math.floor(BATCH_BYTES / (start.payloadBytes + 32))));
}

/** Composes the requests of one publish URL; `{topic}` in it is replaced by each message's topic. */
export class RequestWriter {
  readonly #start: PublisherStart;
  readonly #payload: PayloadWriter;
  readonly #host: string;
  readonly #path: string;
  readonly #extra: string;

  constructor(url: string, start: PublisherStart, payload: PayloadWriter) {
    // The placeholder must survive the URL parser, which would escape its braces.
    const parsed = new URL(url.replaceAll('{topic}', 'pb-topic-placeholder'));
    this.#start = start;
    this.#payload = payload;
    this.#host = parsed.host;
    this.#path = parsed.pathname + parsed.search;
    this.#extra = Object.entries(start.headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
  }

  /** One request with one message, or a batch of several. The envelopes' send time is the caller's stamp. */
  compose(envelopes: readonly Envelope[]): Buffer {
    return envelopes.length === 1 ? this.#single(envelopes[0]) : this.#batch(envelopes);
  }

  #single(envelope: Envelope): Buffer {
    const topic = topicOf(envelope.stream);
    const topicLine = this.#start.topicHeader ? `${TOPIC_HEADER}: ${topic}\r\n` : '';
    const head = this.#head(
      this.#path.replaceAll('pb-topic-placeholder', topic),
      'text/plain',
      topicLine,
      this.#payload.bytes,
    );
    const request = Buffer.allocUnsafe(head.length + this.#payload.bytes);
    request.write(head, 0, 'latin1');
    this.#payload.write(request, head.length, envelope);
    return request;
  }

  #batch(envelopes: readonly Envelope[]): Buffer {
    const lines = envelopes.map((envelope) => `${topicOf(envelope.stream)} ${this.#payload.bytes}\n`);
    const bodyBytes = lines.reduce((sum, line) => sum + line.length + this.#payload.bytes + 1, 0);
    const head = this.#head(this.#path, BATCH_CONTENT_TYPE, '', bodyBytes);
    const request = Buffer.allocUnsafe(head.length + bodyBytes);
    let at = request.write(head, 0, 'latin1');
    envelopes.forEach((envelope, i) => {
      at += request.write(lines[i], at, 'latin1');
      this.#payload.write(request, at, envelope);
      at += this.#payload.bytes;
      request[at++] = 10;
    });
    return request;
  }

  #head(path: string, type: string, topicLine: string, length: number): string {
    return `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: ${type}\r\n${topicLine}${this.#extra}Content-Length: ${length}\r\n\r\n`;
  }
}
