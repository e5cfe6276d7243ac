import { nowUs } from '../../../contract/clock.ts';
import type { CloseDetail, DriverOptions } from '../../../contract/loadDriver.ts';
import type { TlsParameters } from '../../../contract/security.ts';
import { CLOSED_BY_SERVER, protocolDetail, socketErrorDetail } from '../closeReason.ts';
import { requestText } from '../requestHead.ts';
import { createTransport, type Transport, type TransportHandler } from '../transport.ts';
import { type Answer, type AnswerSink, Answers } from './answers.ts';
import type { EngineParts } from './pollDriver.ts';
import type { PollEngine, PollHandler } from './pollEngine.ts';
import type { PollPlaces } from './pollPlaces.ts';

/** States of a slot's connection. */
const NONE = 0;
const CONNECTING = 1;
/** Open, and nothing is asked on it. */
const RESTING = 2;
const ASKING = 3;
/** The server said that it closes: it goes first, so that its side has the TIME_WAIT. */
const ENDING = 4;
/** Destroyed by this side; it has not closed yet. */
const DESTROYED = 5;

/** Polls by hand-written HTTP/1.1 over one transport: connections are kept where the server keeps them. */
export class TcpPolls implements PollEngine, TransportHandler, AnswerSink {
  readonly #target: DriverOptions['target'];
  readonly #places: PollPlaces;
  readonly #handler: PollHandler;
  readonly #transport: Transport;
  readonly #answers: Answers;
  readonly #link: Uint8Array;
  /** A poll is to be sent, or is under way. */
  readonly #isWanted: Uint8Array;
  readonly #isDropped: Uint8Array;
  /** No answer came on this connection yet. */
  readonly #isFresh: Uint8Array;
  readonly #isRetried: Uint8Array;
  readonly #requestBytes: Uint32Array;
  readonly #answerBytes: Float64Array;

  constructor({ options, places, handler }: EngineParts) {
    const { slots } = options;
    this.#target = options.target;
    this.#places = places;
    this.#handler = handler;
    this.#transport = createTransport(slots, options.security, this);
    this.#answers = new Answers(slots, this);
    this.#link = new Uint8Array(slots);
    this.#isWanted = new Uint8Array(slots);
    this.#isDropped = new Uint8Array(slots);
    this.#isFresh = new Uint8Array(slots);
    this.#isRetried = new Uint8Array(slots);
    this.#requestBytes = new Uint32Array(slots);
    this.#answerBytes = new Float64Array(slots);
  }

  get bytesRead(): number {
    return this.#transport.bytesRead;
  }

  get bytesWritten(): number {
    return this.#transport.bytesWritten;
  }

  get tls(): TlsParameters | null {
    return this.#transport.tls;
  }

  send(slot: number): void {
    this.#isWanted[slot] = 1;
    this.#isRetried[slot] = 0;
    if (this.#link[slot] === RESTING) this.#write(slot);
    else if (this.#link[slot] === NONE) this.#connect(slot);
    // A server that does not close as it said; `ended` connects anew.
    else if (this.#link[slot] === ENDING) this.#destroy(slot);
  }

  drop(slot: number): void {
    this.#isWanted[slot] = 0;
    this.#isDropped[slot] = 1;
    if (this.#link[slot] === NONE) setImmediate(() => this.#gone(slot));
    else this.#destroy(slot);
  }

  async stop(): Promise<void> {
    await this.#transport.destroyAll();
    // Slots without a connection go in the immediate that `drop` set.
    await new Promise(setImmediate);
  }

  connected(slot: number): void {
    if (this.#link[slot] !== CONNECTING) return;
    this.#isFresh[slot] = 1;
    this.#write(slot);
  }

  onBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void {
    if (this.#link[slot] === ASKING) {
      this.#answerBytes[slot] += length;
      this.#answers.read(slot, buffer.subarray(0, length), receivedUs);
    } else if (this.#link[slot] === RESTING) {
      this.#handler.damagedFraming();
      this.#destroy(slot);
    }
  }

  whole(
    slot: number,
    answer: Answer,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
  ): void {
    if (answer.surplusBytes > 0) this.#handler.damagedFraming();
    // NONE: the end of the connection was the end of the answer.
    if (this.#link[slot] !== NONE) this.#link[slot] = answer.isKept ? RESTING : ENDING;
    this.#isFresh[slot] = 0;
    this.#isWanted[slot] = 0;
    const wireBytes = this.#requestBytes[slot] + this.#answerBytes[slot];
    this.#handler.answered(slot, answer, bytes, start, end, receivedUs, wireBytes);
  }

  damaged(slot: number, what: string): void {
    this.#handler.broke(slot, protocolDetail(what));
  }

  ended(slot: number, error: Error | null): void {
    const link = this.#link[slot];
    this.#link[slot] = NONE;
    if (this.#isDropped[slot] === 1) this.#gone(slot);
    else if (this.#isWanted[slot] === 0) return;
    else if (link === DESTROYED || link === ENDING) this.#connect(slot);
    else if (link === ASKING && error === null && this.#answers.end(slot, nowUs())) return;
    else if (this.#mayRetry(slot, link)) {
      this.#isRetried[slot] = 1;
      this.#connect(slot);
    } else this.#handler.broke(slot, this.#ending(slot, error));
  }

  /** The server may have closed a resting connection just as it was used: RFC 9112, section 9.3.1. */
  #mayRetry(slot: number, link: number): boolean {
    const isReused = link === ASKING && this.#isFresh[slot] === 0;
    return isReused && this.#answerBytes[slot] === 0 && this.#isRetried[slot] === 0;
  }

  #ending(slot: number, error: Error | null): CloseDetail {
    if (error !== null) return socketErrorDetail(error);
    if (this.#answerBytes[slot] === 0) return CLOSED_BY_SERVER;
    return { ...CLOSED_BY_SERVER, detail: 'closed by the server in the middle of an answer' };
  }

  #connect(slot: number): void {
    const { host, port } = this.#target(slot);
    this.#link[slot] = CONNECTING;
    this.#answerBytes[slot] = 0;
    this.#handler.connecting();
    this.#transport.connect(slot, host, port);
  }

  #write(slot: number): void {
    const target = this.#target(slot);
    const { path, headers } = this.#places.ask(slot, target);
    const request = requestText(path === target.path ? target : { ...target, path }, headers);
    this.#answers.forget(slot);
    this.#link[slot] = ASKING;
    this.#requestBytes[slot] = request.length;
    this.#answerBytes[slot] = 0;
    this.#transport.write(slot, request);
    this.#handler.asked(slot);
  }

  #destroy(slot: number): void {
    this.#link[slot] = DESTROYED;
    this.#transport.destroy(slot);
  }

  #gone(slot: number): void {
    this.#isDropped[slot] = 0;
    this.#answers.forget(slot);
    this.#handler.gone(slot);
  }
}
