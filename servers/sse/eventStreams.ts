import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { ServerOptions } from '../../contract/pushServer.ts';
import { answerText } from '../http/answer.ts';
import type { Cors } from '../http/cors.ts';
import type { CatchUp } from './catchUp.ts';
import { preamble } from './frames.ts';
import type { Handshakes } from './handshakes.ts';
import { parseStreamRequest, type StreamRequest } from './streamRequest.ts';
import type { StreamTable } from './streams.ts';
import type { Variant } from './variant.ts';

/** Head of every event stream, flat name, value list. `X-Accel-Buffering` keeps nginx from holding events back. */
export const STREAM_HEADERS = [
  'Content-Type',
  'text/event-stream',
  'Cache-Control',
  'no-cache',
  'X-Accel-Buffering',
  'no',
];

export interface EventStreamsParts {
  readonly options: ServerOptions;
  readonly streams: StreamTable;
  readonly catchUp: CatchUp;
  readonly variant: Variant;
  readonly cors: Cors;
  readonly handshakes: Handshakes;
}

/** Opens event streams: answers `GET /events`, then hands the stream to the variant and joins it to its topic. */
export class EventStreams {
  readonly preamble: Buffer;
  readonly cors: Cors;
  readonly handshakes: Handshakes;
  readonly #parts: EventStreamsParts;

  constructor(parts: EventStreamsParts) {
    this.#parts = parts;
    this.cors = parts.cors;
    this.handshakes = parts.handshakes;
    this.preamble = Buffer.from(preamble(parts.options.retryMs));
  }

  isFull(): boolean {
    return this.#parts.streams.connections >= this.#parts.options.limits.maxConnections;
  }

  /** The node:http way, which every variant has. */
  handle(request: IncomingMessage, response: ServerResponse, headers: readonly string[]): void {
    const asked = parseStreamRequest(request.url ?? '', request.headers['last-event-id']?.toString());
    if (asked.state === 'invalid') answerText(response, 400, asked.fault, headers);
    else if (this.isFull()) this.#refuse(response, headers);
    else {
      response.writeHead(200, [...STREAM_HEADERS, ...headers]);
      response.write(this.preamble);
      this.handshakes.answered(request.socket);
      this.join(response, asked);
    }
  }

  /** `sink` has its head already. */
  join(sink: Writable, asked: StreamRequest & { state: 'valid' }): void {
    const { streams, variant, catchUp } = this.#parts;
    const stream = streams.open(sink, asked.topic);
    variant.opened(stream);
    catchUp.join(stream, asked.lastEventId);
  }

  #refuse(response: ServerResponse, headers: readonly string[]): void {
    this.#parts.streams.counts.refused++;
    const wait = ['Retry-After', '5', 'Connection', 'close'];
    answerText(response, 503, 'too many event streams', [...wait, ...headers]);
  }
}
