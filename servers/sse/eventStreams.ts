import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { Identity } from '../../contract/security.ts';
import { refusalHeaders } from '../flow/refusal.ts';
import { answerText } from '../http/answer.ts';
import type { Cors } from '../http/cors.ts';
import type { CatchUp } from '../node/catchUp.ts';
import type { NodeCore } from '../node/core.ts';
import type { Handshakes } from '../node/handshakes.ts';
import { parseSubscription, type Subscription } from '../node/subscription.ts';
import type { Gate } from '../security/gate.ts';
import { preamble } from './frames.ts';
import { SseStream } from './sseStream.ts';
import type { Variant } from './variant.ts';

export const EVENTS_PATH = '/events';

/** Told to a client for which there is no place. */
export const FULL = 'too many event streams';

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
  readonly gate: Gate | null;
  readonly #parts: EventStreamsParts;

  constructor(parts: EventStreamsParts) {
    const { cors, handshakes, gate, options } = parts.core;
    this.#parts = parts;
    this.cors = cors;
    this.handshakes = handshakes;
    this.gate = gate;
    this.preamble = Buffer.from(preamble(options.retryMs));
  }

  isFull(): boolean {
    return this.#parts.core.isFull();
  }

  /** The node:http way, which every variant has. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    headers: readonly string[],
    identity: Identity | null,
  ): void {
    const asked = parseSubscription(request.url ?? '', request.headers['last-event-id']?.toString());
    if (asked.state === 'invalid') answerText(response, 400, asked.fault, headers);
    else if (this.isFull()) {
      answerText(response, 503, FULL, [...this.refuse(), 'Connection', 'close', ...headers]);
    } else {
      response.writeHead(200, [...STREAM_HEADERS, ...headers]);
      response.write(this.preamble);
      this.handshakes.answered(request.socket);
      this.join(response, asked, identity);
    }
  }

  /** `sink` has its head already; the stream ends with the token of `identity`. */
  join(sink: Writable, { topic, lastEventId }: Subscription, identity: Identity | null): void {
    const { core, variant, catchUp } = this.#parts;
    const stream = core.streams.open(new SseStream(sink, topic));
    variant.opened(stream);
    if (identity !== null) core.streams.expiries.closeAt(identity.expiresMs, stream);
    catchUp.join(stream, lastEventId);
  }

  /** Counts a client in for which there is no place. @returns header of its answer, flat name, value list. */
  refuse(): string[] {
    this.#parts.core.streams.counts.refused++;
    return refusalHeaders(this.#parts.core.refusalOfConnections());
  }
}
