import { type EventFieldNumbers, EventReader } from './eventReader.ts';
import { FRAME_HEAD_BYTES } from './wire.ts';

/** Longest message that is taken: the default of gRPC clients. */
export const MAX_MESSAGE_BYTES = 4 * 1_048_576;

/** Objects kept for the next message that comes in parts. */
const MAX_SPARE = 64;

export interface FrameSink {
  /** One whole message, as its fields were read. */
  event(slot: number, event: EventReader, receivedUs: number): void;
  fault(slot: number, what: string): void;
  /** False once the slot was closed: nothing more of it is told. */
  isLive(slot: number): boolean;
}

/** A message, or the head before it, whose end has not come yet. */
class PartialMessage {
  readonly head = new Uint8Array(FRAME_HEAD_BYTES);
  headBytes = 0;
  /** Bytes of the message that are still to come, once the head is whole. */
  left = 0;
  readonly event: EventReader;

  constructor(fields: EventFieldNumbers) {
    this.event = new EventReader(fields);
  }
}

/**
 * Messages of gRPC streams, for many of them (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). One that lies in
 * one piece is read where it is; only one that is split gets an object of its own, until its end comes.
 */
export class MessageFrames {
  readonly #fields: EventFieldNumbers;
  readonly #sink: FrameSink;
  readonly #whole: EventReader;
  readonly #partials = new Map<number, PartialMessage>();
  readonly #spare: PartialMessage[] = [];

  constructor(fields: EventFieldNumbers, sink: FrameSink) {
    this.#fields = fields;
    this.#sink = sink;
    this.#whole = new EventReader(fields);
  }

  /** True where the slot's stream may end here. */
  isBetweenMessages(slot: number): boolean {
    return !this.#partials.has(slot);
  }

  /** Forgets the slot's last stream. */
  reset(slot: number): void {
    const partial = this.#partials.get(slot);
    if (partial === undefined) return;
    this.#partials.delete(slot);
    if (this.#spare.length < MAX_SPARE) this.#spare.push(partial);
  }

  /** Reads the next bytes of a slot's stream. */
  take(slot: number, bytes: Uint8Array, receivedUs: number): void {
    const partial = this.#partials.get(slot);
    let at = partial === undefined ? 0 : this.#goOn(slot, partial, bytes, 0, receivedUs);
    while (at < bytes.length && this.#sink.isLive(slot)) at = this.#message(slot, bytes, at, receivedUs);
  }

  /** @returns the position after the message that starts at `at`, or after what is there of it. */
  #message(slot: number, bytes: Uint8Array, at: number, receivedUs: number): number {
    const start = at + FRAME_HEAD_BYTES;
    if (start > bytes.length) return this.#startPartial(slot, bytes, at, receivedUs);
    const length = lengthAt(bytes, at);
    const fault = headFault(bytes[at], length);
    if (fault !== null) return this.#damaged(slot, bytes, fault);
    const end = start + length;
    if (end > bytes.length) return this.#startPartial(slot, bytes, at, receivedUs);
    const event = this.#whole;
    event.clear();
    if (!this.#taken(slot, event, bytes, start, end)) return bytes.length;
    this.#end(slot, event, receivedUs);
    return end;
  }

  #startPartial(slot: number, bytes: Uint8Array, at: number, receivedUs: number): number {
    const partial = this.#spare.pop() ?? new PartialMessage(this.#fields);
    partial.headBytes = 0;
    partial.event.clear();
    this.#partials.set(slot, partial);
    return this.#goOn(slot, partial, bytes, at, receivedUs);
  }

  #goOn(slot: number, partial: PartialMessage, bytes: Uint8Array, from: number, receivedUs: number): number {
    let at = from;
    while (partial.headBytes < FRAME_HEAD_BYTES) {
      if (at === bytes.length) return at;
      partial.head[partial.headBytes++] = bytes[at++];
      if (partial.headBytes < FRAME_HEAD_BYTES) continue;
      partial.left = lengthAt(partial.head, 0);
      const fault = headFault(partial.head[0], partial.left);
      if (fault !== null) return this.#damaged(slot, bytes, fault);
    }
    const end = Math.min(bytes.length, at + partial.left);
    if (!this.#taken(slot, partial.event, bytes, at, end)) return bytes.length;
    partial.left -= end - at;
    if (partial.left > 0) partial.event.keep();
    else {
      this.#end(slot, partial.event, receivedUs);
      this.reset(slot);
    }
    return end;
  }

  #taken(slot: number, event: EventReader, bytes: Uint8Array, start: number, end: number): boolean {
    const fault = event.take(bytes, start, end);
    if (fault !== null) this.#damaged(slot, bytes, `a message with ${fault}`);
    return fault === null;
  }

  #end(slot: number, event: EventReader, receivedUs: number): void {
    if (event.isWhole) this.#sink.event(slot, event, receivedUs);
    else this.#sink.fault(slot, 'a message that ends inside a field');
  }

  #damaged(slot: number, bytes: Uint8Array, what: string): number {
    this.#sink.fault(slot, what);
    return bytes.length;
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]) >>> 0;
}

function headFault(flag: number, length: number): string | null {
  if (flag === 1) return 'a compressed message, though no compression was offered';
  if (flag > 1) return `the flag ${flag} before a message`;
  return length > MAX_MESSAGE_BYTES ? `a message of ${length} bytes, over ${MAX_MESSAGE_BYTES}` : null;
}
