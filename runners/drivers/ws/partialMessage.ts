import { type FrameHeader, MAX_HEADER_BYTES, OPCODE } from './frameHeader.ts';
import { Utf8Check } from './utf8.ts';

/** Bytes kept of a message that came in parts: the envelope stands in the first ones. */
export const PARTIAL_MESSAGE_BYTES = 1_024;

/** What a connection is in the middle of, once a frame or a message came in parts. */
export class PartialMessage {
  /** Bytes of a header that is not whole yet. */
  readonly header = new Uint8Array(MAX_HEADER_BYTES);
  headerBytes = 0;
  /** True from the end of a frame's header to the end of its payload. */
  inPayload = false;
  isControl = false;
  isFinal = true;
  payloadLeft = 0;
  /** Opcode of the message whose fragments come; 0: there is none. */
  messageOpcode = 0;
  messageBytes = 0;
  readonly kept = new Uint8Array(PARTIAL_MESSAGE_BYTES);
  keptBytes = 0;
  /** A control frame that came in parts, maybe between the fragments of a message. */
  readonly control = new Uint8Array(125);
  controlOpcode = 0;
  controlBytes = 0;
  readonly #utf8 = new Utf8Check();

  clear(): void {
    this.headerBytes = 0;
    this.inPayload = false;
    this.endMessage();
  }

  endMessage(): void {
    this.messageOpcode = 0;
    this.messageBytes = 0;
    this.keptBytes = 0;
    this.#utf8.clear();
  }

  /** True at the end of a frame, when no fragment is awaited either. */
  get isOver(): boolean {
    return !this.inPayload && this.headerBytes === 0 && this.messageOpcode === 0;
  }

  /** True where a text message ends inside a character. */
  get isCutText(): boolean {
    return this.messageOpcode === OPCODE.text && !this.#utf8.isWhole;
  }

  beginFrame(header: FrameHeader): void {
    this.headerBytes = 0;
    this.inPayload = true;
    this.isControl = header.isControl;
    this.isFinal = header.isFinal;
    this.payloadLeft = header.payloadBytes;
    if (this.isControl) {
      this.controlOpcode = header.opcode;
      this.controlBytes = 0;
    } else if (header.opcode !== OPCODE.continuation) this.messageOpcode = header.opcode;
  }

  /** Takes a part of the frame's payload. @returns false where text is no UTF-8. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    this.payloadLeft -= end - start;
    if (this.isControl) {
      for (let i = start; i < end; i++) this.control[this.controlBytes++] = bytes[i];
      return true;
    }
    this.messageBytes += end - start;
    const keptEnd = Math.min(end, start + PARTIAL_MESSAGE_BYTES - this.keptBytes);
    if (keptEnd > start) {
      this.kept.set(bytes.subarray(start, keptEnd), this.keptBytes);
      this.keptBytes += keptEnd - start;
    }
    return this.messageOpcode !== OPCODE.text || this.#utf8.take(bytes, start, end);
  }
}
