import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { refusalHeaders } from '../flow/refusal.ts';
import { answerText } from '../http/answer.ts';
import type { Cors } from '../http/cors.ts';
import type { CatchUp } from '../node/catchUp.ts';
import type { NodeCore } from '../node/core.ts';
import type { Handshakes } from '../node/handshakes.ts';
import { parseSubscription, type Subscription } from '../node/subscription.ts';
import { preamble } from './frames.ts';
import { SseStream } from './sseStream.ts';
import type { Variant } from './variant.ts';

export const EVENTS_PATH = '/events';

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
  readonly core: NodeCore;
  readonly catchUp: CatchUp;
  readonly variant: Variant;
}

/** Opens event streams: answers `GET /events`, then hands the stream to the variant and joins it to its topic. */
export class EventStreams {
  readonly preamble: Buffer;
  readonly cors: Cors;
  readonly handshakes: Handshakes;
  readonly #parts: EventStreamsParts;

  constructor(parts: EventStreamsParts) {
    const { cors, handshakes, options } = parts.core;
    this.#parts = parts;
    this.cors = cors;
    this.handshakes = handshakes;
    this.preamble = Buffer.from(preamble(options.retryMs));
  }

  isFull(): boolean {
    return this.#parts.core.isFull();
  }

  /** The node:http way, which every variant has. */
  handle(request: IncomingMessage, response: ServerResponse, headers: readonly string[]): void {
    const asked = parseSubscription(request.url ?? '', request.headers['last-event-id']?.toString());
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
  join(sink: Writable, { topic, lastEventId }: Subscription): void {
    const { core, variant, catchUp } = this.#parts;
    const stream = core.streams.open(new SseStream(sink, topic));
    variant.opened(stream);
    catchUp.join(stream, lastEventId);
  }

  #refuse(response: ServerResponse, headers: readonly string[]): void {
    this.#parts.core.streams.counts.refused++;
    const wait = refusalHeaders(this.#parts.core.refusalOfConnections());
    const answer = [...wait, 'Connection', 'close', ...headers];
    answerText(response, 503, 'too many event streams', answer);
  }
}
