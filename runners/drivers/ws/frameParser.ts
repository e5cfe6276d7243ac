import { CLOSE_CODE } from './closeCode.ts';
import { type FrameFault, FrameHeader, MAX_HEADER_BYTES, OPCODE } from './frameHeader.ts';
import { PartialMessage } from './partialMessage.ts';
import { isUtf8Text } from './utf8.ts';

export interface FrameSink {
  /** `[start, end)` is the message, or the first bytes of one that came in parts. */
  frameMessage(
    slot: number,
    opcode: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
  ): void;
  /** A close, ping or pong frame. */
  control(slot: number, opcode: number, bytes: Uint8Array, start: number, end: number): void;
  /** What came cannot be read on. */
  fault(slot: number, fault: FrameFault): void;
  /** False once the slot was closed: nothing more of it is told. */
  isLive(slot: number): boolean;
}

/** Objects kept for the next message that comes in parts. */
const MAX_SPARE = 64;

const NO_UTF8: FrameFault = { code: CLOSE_CODE.invalidPayload, what: 'a text message that is no UTF-8' };

/**
 * Parser of the frames of a WebSocket server for many connections (RFC 6455, section 5).
 *
 * A message that lies in one frame and in one piece is read where it is; only what comes in parts gets an object of its
 * own, until its end comes.
 */
export class FrameParser {
  /** 1 where the slot has a partial message. */
  readonly #isPartial: Uint8Array;
  readonly #partials = new Map<number, PartialMessage>();
  readonly #spare: PartialMessage[] = [];
  readonly #header = new FrameHeader();
  readonly #sink: FrameSink;

  constructor(slots: number, sink: FrameSink) {
    this.#isPartial = new Uint8Array(slots);
    this.#sink = sink;
  }

  /** Forgets the slot's last connection; half a message of it is dropped. */
  reset(slot: number): void {
    const partial = this.#partialOf(slot);
    if (partial === null) return;
    this.#partials.delete(slot);
    this.#isPartial[slot] = 0;
    partial.clear();
    if (this.#spare.length < MAX_SPARE) this.#spare.push(partial);
  }

  /** Parses `[start, end)` of what the slot's server sent. */
  parse(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    let at = start;
    while (at < end && this.#sink.isLive(slot)) {
      const partial = this.#partialOf(slot);
      if (partial === null || partial.isOver) at = this.#frame(slot, bytes, at, end, receivedUs);
      else at = this.#part(slot, partial, bytes, at, end, receivedUs);
    }
  }

  #partialOf(slot: number): PartialMessage | null {
    return this.#isPartial[slot] === 0 ? null : (this.#partials.get(slot) ?? null);
  }

  /** One frame from its start, while no message is under way. @returns where the next one begins, or `end`. */
  #frame(slot: number, bytes: Uint8Array, at: number, end: number, receivedUs: number): number {
    const header = this.#header;
    if (!header.read(bytes, at, end)) return this.#inParts(slot, bytes, at, end, receivedUs);
    const fault = header.fault ?? header.sequenceFault(0, 0);
    if (fault !== null) return this.#refuse(slot, fault, end);
    const payloadAt = at + header.headerBytes;
    const payloadEnd = payloadAt + header.payloadBytes;
    if (payloadEnd > end || !header.isFinal) return this.#inParts(slot, bytes, at, end, receivedUs);
    if (header.isControl) this.#sink.control(slot, header.opcode, bytes, payloadAt, payloadEnd);
    else if (header.opcode === OPCODE.text && !isUtf8Text(bytes, payloadAt, payloadEnd))
      return this.#refuse(slot, NO_UTF8, end);
    else this.#sink.frameMessage(slot, header.opcode, bytes, payloadAt, payloadEnd, receivedUs);
    return payloadEnd;
  }

  #inParts(slot: number, bytes: Uint8Array, at: number, end: number, receivedUs: number): number {
    const partial = this.#spare.pop() ?? new PartialMessage();
    this.#partials.set(slot, partial);
    this.#isPartial[slot] = 1;
    return this.#part(slot, partial, bytes, at, end, receivedUs);
  }

  /** Takes the header or the payload of one frame as far as it is there. @returns where it stopped. */
  #part(
    slot: number,
    partial: PartialMessage,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
  ): number {
    let at = start;
    if (!partial.inPayload) {
      at = this.#headerPart(slot, partial, bytes, at, end);
      if (!partial.inPayload) return at;
    }
    const stop = Math.min(end, at + partial.payloadLeft);
    if (!partial.take(bytes, at, stop)) return this.#refuse(slot, NO_UTF8, end);
    if (partial.payloadLeft === 0) this.#endFrame(slot, partial, receivedUs);
    return stop;
  }

  #headerPart(slot: number, partial: PartialMessage, bytes: Uint8Array, start: number, end: number): number {
    const header = this.#header;
    for (let at = start; at < end && partial.headerBytes < MAX_HEADER_BYTES; at++) {
      partial.header[partial.headerBytes++] = bytes[at];
      if (!header.read(partial.header, 0, partial.headerBytes)) continue;
      const fault = header.fault ?? header.sequenceFault(partial.messageOpcode, partial.messageBytes);
      if (fault !== null) return this.#refuse(slot, fault, end);
      partial.beginFrame(header);
      return at + 1;
    }
    return end;
  }

  #endFrame(slot: number, partial: PartialMessage, receivedUs: number): void {
    partial.inPayload = false;
    if (partial.isControl) {
      this.#sink.control(slot, partial.controlOpcode, partial.control, 0, partial.controlBytes);
    } else if (partial.isFinal) {
      if (partial.isCutText) {
        this.#refuse(slot, NO_UTF8, 0);
        return;
      }
      const { messageOpcode, kept, keptBytes } = partial;
      this.#sink.frameMessage(slot, messageOpcode, kept, 0, keptBytes, receivedUs);
      partial.endMessage();
    }
    if (partial.isOver) this.reset(slot);
  }

  #refuse(slot: number, fault: FrameFault, end: number): number {
    this.#sink.fault(slot, fault);
    return end;
  }
}
