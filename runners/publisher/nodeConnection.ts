import type { Socket } from 'node:net';
import { type Clock, nowUs } from '../../contract/clock.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { messageOf } from '../../contract/errors.ts';
import type { PublisherStart } from '../../contract/publisherControl.ts';
import { dialFault, dialIngest, type IngestAddress, ingestAddress } from './dialIngest.ts';
import type { PayloadWriter } from './payload.ts';
import { type Outcome, type PostListener, type PublishConnection, SILENT_US } from './publishConnection.ts';
import { batchLimit, RequestWriter } from './requests.ts';
import { ResponseParser } from './responseParser.ts';

/** How long a node that refused a connect is left alone. */
const AWAY_US = 1_000_000;

interface InFlight {
  readonly envelopes: readonly Envelope[];
  readonly writtenUs: number;
}

/**
 * The publisher's one keep-alive connection to a node: requests pipelined in order, at most `depth` unanswered.
 * What waits, waits in `#queue` and shows as send lag; it is never dropped.
 */
export class NodeConnection implements PublishConnection {
  readonly #start: PublisherStart;
  readonly #writer: RequestWriter;
  readonly #address: IngestAddress;
  readonly #listener: PostListener;
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #queue: Envelope[] = [];
  readonly #inFlight: InFlight[] = [];
  #socket: Socket | null = null;
  #usable = false;
  /** The server was reached by this connection: what waits may be tried on the next one. */
  #reached = false;
  #stopped = false;
  #awayUntilUs = 0;
  #answeredUs = Number.NEGATIVE_INFINITY;

  constructor(
    url: string,
    start: PublisherStart,
    payload: PayloadWriter,
    listener: PostListener,
    clock = nowUs,
  ) {
    this.#start = start;
    this.#writer = new RequestWriter(url, start, payload);
    this.#address = ingestAddress(url, start.security);
    this.#listener = listener;
    this.#clock = clock;
    this.#limit = batchLimit(start);
  }

  get isAway(): boolean {
    return this.#clock() < this.#awayUntilUs;
  }

  get hasInFlight(): boolean {
    return this.#inFlight.length > 0;
  }

  enqueue(envelope: Envelope): void {
    if (this.#stopped) this.#skip(envelope.index);
    else this.#queue.push(envelope);
  }

  flush(): void {
    if (this.#stopped || this.#queue.length === 0) return;
    if (this.#socket === null) this.#connect();
    if (!this.#usable) return;
    while (this.#queue.length > 0 && this.#inFlight.length < this.#start.depth) this.#writeOne();
  }

  #writeOne(): void {
    const writtenUs = this.#clock();
    const envelopes = this.#queue.splice(0, this.#limit);
    for (const envelope of envelopes) {
      envelope.sentUs = Math.floor(writtenUs);
      this.#listener.posted(envelope);
    }
    this.#inFlight.push({ envelopes, writtenUs });
    this.#socket?.write(this.#writer.compose(envelopes));
  }

  #connect(): void {
    const { socket, ready } = dialIngest(this.#address);
    const parser = new ResponseParser({
      onResponse: (status, keepAlive) => {
        this.#settle(status);
        if (keepAlive) return this.flush();
        // Nothing more goes onto a connection that the server closes: it would be lost unread.
        this.#usable = false;
        socket.end();
      },
    });
    this.#socket = socket;
    socket.on(ready, () => {
      this.#usable = true;
      this.#reached = true;
      this.#awayUntilUs = 0;
      this.flush();
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        parser.push(chunk);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(messageOf(error)));
      }
    });
    let why = 'connection closed without an answer';
    socket.on('error', (error) => {
      why = dialFault(error);
    });
    socket.on('end', () => {
      this.#usable = false;
      parser.end();
    });
    socket.on('close', () => this.#lost(why));
  }

  /** A server that closes after each answer is met again by the next message; what had no answer has failed. */
  #lost(why: string): void {
    const wasReached = this.#reached;
    this.#socket = null;
    this.#usable = false;
    this.#reached = false;
    if (!wasReached) this.#awayUntilUs = this.#clock() + AWAY_US;
    const unanswered = this.#inFlight.splice(0);
    for (const { envelopes, writtenUs } of unanswered) {
      const ackUs = this.#clock() - writtenUs;
      for (const envelope of envelopes) this.#fail(envelope, ackUs, why);
    }
    if (this.#stopped) return;
    if (wasReached) this.flush();
    else this.failQueue(why);
  }

  /** Nothing of what waits can be sent: the node does not take connections. */
  failQueue(why: string): void {
    for (const envelope of this.#queue.splice(0)) this.#fail(envelope, 0, why);
  }

  #fail(envelope: Envelope, ackUs: number, why: string): void {
    if (!this.#stopped && this.#listener.orphaned(envelope, this)) return;
    this.#listener.answered(envelope.index, 'failed', ackUs, why);
  }

  forget(): void {
    this.#stopped = true;
    this.#awayUntilUs = Number.POSITIVE_INFINITY;
    for (const request of this.#inFlight.splice(0)) this.#answer(request, 'skipped', 'node taken away');
    for (const { index } of this.#queue.splice(0)) this.#skip(index);
    this.#socket?.destroy();
  }

  #skip(index: number): void {
    this.#listener.answered(index, 'skipped', 0, 'node taken away');
  }

  #settle(status: number): void {
    this.#answeredUs = this.#clock();
    const request = this.#inFlight.shift();
    if (request === undefined) {
      this.#socket?.destroy(new Error('an answer to no request'));
      return;
    }
    if (status >= 200 && status < 300) this.#answer(request, 'sent', '');
    else this.#answer(request, status === 429 ? 'refused' : 'failed', `HTTP ${status}`);
  }

  #answer(request: InFlight, outcome: Outcome, detail: string): void {
    const ackUs = this.#clock() - request.writtenUs;
    for (const envelope of request.envelopes) this.#listener.answered(envelope.index, outcome, ackUs, detail);
  }

  get #isSilent(): boolean {
    if (this.#inFlight.length === 0) return false;
    return this.#clock() - Math.max(this.#answeredUs, this.#inFlight[0].writtenUs) >= SILENT_US;
  }

  abandon(why: string): void {
    // What was given up must not be sent by the next connection.
    const waiting = this.#queue.splice(0);
    // It waited for a server that took no more: that is no lateness of ours, and fails like what was not answered.
    if (this.#isSilent) for (const { index } of waiting) this.#listener.answered(index, 'failed', 0, why);
    for (const request of this.#inFlight.splice(0)) this.#answer(request, 'failed', why);
    this.#socket?.destroy();
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.destroy();
  }
}
