/** Frames between a node and the hub: uint32 length of what follows, uint8 type, payload. Big-endian. */
export const TO_HUB = { hello: 1, publish: 2, notice: 3 } as const;
export const FROM_HUB = { welcome: 1, taken: 2, messages: 3, notice: 4 } as const;

const HEAD_BYTES = 5;
/** A publish body has at most 1 MiB, a snapshot notice less: whatever is longer is no peer of ours. */
const MAX_FRAME_BYTES = 16 * 1_048_576;

export function frame(type: number, ...parts: readonly Buffer[]): Buffer {
  let size = HEAD_BYTES;
  for (const part of parts) size += part.length;
  const bytes = Buffer.allocUnsafe(size);
  bytes.writeUInt32BE(size - 4, 0);
  bytes.writeUInt8(type, 4);
  let at = HEAD_BYTES;
  for (const part of parts) at += part.copy(bytes, at);
  return bytes;
}

/** Numbers as float64, which holds every id exactly. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(8 * values.length);
  for (const [i, value] of values.entries()) bytes.writeDoubleBE(value, 8 * i);
  return bytes;
}

/** Cuts a byte stream into frames, however its reads were split. */
export class FrameReader {
  readonly #onFrame: (type: number, payload: Buffer) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #wanted = HEAD_BYTES;

  constructor(onFrame: (type: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws RangeError where a frame is longer than any peer of ours sends. */
  read(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes < this.#wanted) return;
    const bytes = this.#held.length === 1 ? chunk : Buffer.concat(this.#held);
    let at = 0;
    this.#wanted = HEAD_BYTES;
    while (bytes.length - at >= HEAD_BYTES) {
      const end = at + 4 + frameLength(bytes, at);
      if (end > bytes.length) {
        this.#wanted = end - at;
        break;
      }
      this.#onFrame(bytes.readUInt8(at + 4), bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.#heldBytes = bytes.length - at;
    this.#held = this.#heldBytes === 0 ? [] : [bytes.subarray(at)];
  }
}

function frameLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  if (length >= 1 && length <= MAX_FRAME_BYTES) return length;
  throw new RangeError(`a frame of ${length} bytes is not one of this bus`);
}
