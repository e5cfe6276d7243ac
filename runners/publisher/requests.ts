import type { Envelope } from '../../contract/envelope.ts';
import { BATCH_CONTENT_TYPE, TOPIC_HEADER, topicOf } from '../../contract/ingest.ts';
import type { PublisherStart } from '../../contract/publisherControl.ts';
import { BodyTemplate } from './bodyTemplate.ts';
import type { PayloadWriter } from './payload.ts';

/** Messages in one batch: bounds the time for which the server's loop parses, and stays under its body limit. */
export const BATCH_MESSAGES = 128;
const BATCH_BYTES = 512 * 1_024;

/** Messages that one request may carry. */
export function batchLimit(start: PublisherStart): number {
  if (!start.batch) return 1;
  return Math.max(1, Math.min(BATCH_MESSAGES, Math.floor(BATCH_BYTES / (start.payloadBytes + 32))));
}

/** Stands for `{topic}` where a URL is parsed, which would escape its braces; no header can hold it. */
const TOPIC_MARK = '\u0000';
const TOPIC_IN_URL = 'pb-topic-placeholder';

/** Composes the requests of one publish URL; `{topic}` in it, in headers and in the body is replaced by each message's topic. */
export class RequestWriter {
  readonly #payload: PayloadWriter;
  readonly #body: BodyTemplate;
  /** The head of a request with one message up to its length, taken apart where the topic stands. */
  readonly #singleHead: readonly string[];
  readonly #batchHead: string;

  constructor(url: string, start: PublisherStart, payload: PayloadWriter) {
    this.#payload = payload;
    this.#body = new BodyTemplate(start.body?.template ?? '{payload}');
    const single = {
      'content-type': start.body?.contentType ?? 'text/plain',
      ...(start.topicHeader ? { [TOPIC_HEADER]: TOPIC_MARK } : {}),
      ...marked(start.headers),
    };
    this.#singleHead = headOf(url, single).split(TOPIC_MARK);
    this.#batchHead = headOf(url, { ...start.headers, 'content-type': BATCH_CONTENT_TYPE });
  }

  /** One request with one message, or a batch of several. The envelopes' send time is the caller's stamp. */
  compose(envelopes: readonly Envelope[]): Buffer {
    return envelopes.length === 1 ? this.#single(envelopes[0]) : this.#batch(envelopes);
  }

  #single(envelope: Envelope): Buffer {
    const topic = topicOf(envelope.stream);
    const bodyBytes = this.#body.bytes(topic, this.#payload);
    const head = `${this.#singleHead.join(topic)}${bodyBytes}\r\n\r\n`;
    const request = Buffer.allocUnsafe(head.length + bodyBytes);
    request.write(head, 0, 'latin1');
    this.#body.write(request, head.length, topic, this.#payload, envelope);
    return request;
  }

  #batch(envelopes: readonly Envelope[]): Buffer {
    const lines = envelopes.map((envelope) => `${topicOf(envelope.stream)} ${this.#payload.bytes}\n`);
    const bodyBytes = lines.reduce((sum, line) => sum + line.length + this.#payload.bytes + 1, 0);
    const head = `${this.#batchHead}${bodyBytes}\r\n\r\n`;
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
}

function marked(headers: PublisherStart['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{topic}', TOPIC_MARK)]),
  );
}

/** Up to the number of `Content-Length`. A header of the user's own, its name in lower case, takes the place of ours. */
function headOf(url: string, headers: Readonly<Record<string, string>>): string {
  const { host, pathname, search } = new URL(url.replaceAll('{topic}', TOPIC_IN_URL));
  const path = `${pathname}${search}`.replaceAll(TOPIC_IN_URL, TOPIC_MARK);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}content-length: `;
}
