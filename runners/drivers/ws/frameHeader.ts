import { CLOSE_CODE } from './closeCode.ts';

/** What a frame is (RFC 6455, section 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Longest header of a frame that is not masked. */
export const MAX_HEADER_BYTES = 10;
/** A longer message is refused. */
export const MAX_MESSAGE_BYTES = 16 * 1_048_576;

const MAX_CONTROL_BYTES = 125;

/** Why a frame cannot be taken, and the code of the close frame that says so. */
export interface FrameFault {
  readonly code: number;
  readonly what: string;
}

const fault = (what: string): FrameFault => ({ code: CLOSE_CODE.protocolError, what });
const RESERVED_BITS = fault('a frame with reserved bits, of an extension that was not agreed on');
const MASKED = fault('a masked frame from the server');
const LONG_CONTROL = fault('a control frame over 125 bytes');
const SPLIT_CONTROL = fault('a fragmented control frame');
const LENGTH_FORM = fault('a frame length that is not in its shortest form');
const TOO_BIG: FrameFault = { code: CLOSE_CODE.tooBig, what: `a message over ${MAX_MESSAGE_BYTES} bytes` };

/** The header of one frame; made once, read again for each. */
export class FrameHeader {
  opcode = 0;
  isFinal = true;
  payloadBytes = 0;
  headerBytes = 0;
  /** Why the frame just read is refused; null: it is not. */
  fault: FrameFault | null = null;

  get isControl(): boolean {
    return this.opcode >= 8;
  }

  /** Reads the header at `start`. @returns false where its end lies beyond `end`, and nothing can be said yet. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < 2) return false;
    const first = bytes[start];
    const second = bytes[start + 1];
    this.opcode = first & 15;
    this.isFinal = first >= 0x80;
    this.payloadBytes = second & 127;
    this.headerBytes = 2;
    this.fault = this.#faultOf(first, second);
    if (this.fault !== null || this.payloadBytes < 126) return true;
    return this.#longLength(bytes, start, end);
  }

  #faultOf(first: number, second: number): FrameFault | null {
    if ((first & 0x70) !== 0) return RESERVED_BITS;
    if (second >= 0x80) return MASKED;
    const { opcode } = this;
    if (opcode > OPCODE.pong || (opcode > OPCODE.binary && opcode < OPCODE.close))
      return fault(`a frame of the reserved opcode ${opcode}`);
    if (opcode < OPCODE.close) return null;
    if (this.payloadBytes > MAX_CONTROL_BYTES) return LONG_CONTROL;
    return this.isFinal ? null : SPLIT_CONTROL;
  }

  #longLength(bytes: Uint8Array, start: number, end: number): boolean {
    const isShort = this.payloadBytes === 126;
    this.headerBytes = isShort ? 4 : MAX_HEADER_BYTES;
    if (end - start < this.headerBytes) return false;
    let length = 0;
    for (let i = start + 2; i < start + this.headerBytes; i++) length = length * 256 + bytes[i];
    this.payloadBytes = length;
    if (length < (isShort ? 126 : 65_536)) this.fault = LENGTH_FORM;
    else if (length > MAX_MESSAGE_BYTES) this.fault = TOO_BIG;
    return true;
  }

  /** What is wrong with a data frame after the frames before it; `messageOpcode` is 0 where no message is under way. */
  sequenceFault(messageOpcode: number, messageBytes: number): FrameFault | null {
    if (this.isControl) return null;
    if (messageOpcode === 0 && this.opcode === OPCODE.continuation)
      return fault('a continuation frame of no message');
    if (messageOpcode !== 0 && this.opcode !== OPCODE.continuation)
      return fault('a new message inside a fragmented one');
    return messageBytes + this.payloadBytes > MAX_MESSAGE_BYTES ? TOO_BIG : null;
  }
}
