/** Holds 99 % of the payloads of the article; a larger event gets a buffer of its own, which is not kept. */
const BUFFER_BYTES = 4_096;
/** Idle buffers kept: a burst to more streams than this allocates again. 8 MiB. */
const MAX_IDLE = 2_048;

/** One reused write buffer. */
export class PooledBuffer {
  readonly bytes: Buffer;
  /** Gives the buffer back; made once, so that it serves as the callback of every write. */
  readonly release: () => void;
  #view: Buffer;

  constructor(bytes: Buffer, release: (buffer: PooledBuffer) => void) {
    this.bytes = bytes;
    this.release = () => release(this);
    this.#view = bytes;
  }

  /** The first `length` bytes. The view is kept: messages are mostly of one size, and a new view is a new object. */
  first(length: number): Buffer {
    if (this.#view.length !== length) this.#view = this.bytes.subarray(0, length);
    return this.#view;
  }
}

/** Reused write buffers. The kernel may take a chunk late, so a buffer is free when its write says so, not before. */
export class BufferPool {
  readonly #idle: PooledBuffer[] = [];

  get idleCount(): number {
    return this.#idle.length;
  }

  /** A buffer of at least `minBytes`. */
  take(minBytes: number): PooledBuffer {
    if (minBytes > BUFFER_BYTES) return new PooledBuffer(Buffer.allocUnsafeSlow(minBytes), () => {});
    return this.#idle.pop() ?? new PooledBuffer(Buffer.allocUnsafeSlow(BUFFER_BYTES), this.#keep);
  }

  readonly #keep = (buffer: PooledBuffer): void => {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(buffer);
  };
}
