/** Holds 99 % of the payloads of the article; a larger event gets a buffer of its own, which is not kept. */
const BUFFER_BYTES = 4_096;
/** Idle buffers kept: a burst to more streams than this allocates again. 8 MiB. */
const MAX_IDLE = 2_048;

export interface PooledBuffer {
  readonly bytes: Buffer;
  /** Gives the buffer back; made once per buffer, so that it serves as the callback of a write. */
  readonly release: () => void;
}

/** Reused write buffers. The kernel may take a chunk late, so a buffer is free when its write says so, not before. */
export class BufferPool {
  readonly #idle: PooledBuffer[] = [];

  get idleCount(): number {
    return this.#idle.length;
  }

  /** A buffer of at least `minBytes`. */
  take(minBytes: number): PooledBuffer {
    if (minBytes > BUFFER_BYTES) return { bytes: Buffer.allocUnsafeSlow(minBytes), release: () => {} };
    return this.#idle.pop() ?? this.#create();
  }

  #create(): PooledBuffer {
    const pooled: PooledBuffer = {
      bytes: Buffer.allocUnsafeSlow(BUFFER_BYTES),
      release: () => {
        if (this.#idle.length < MAX_IDLE) this.#idle.push(pooled);
      },
    };
    return pooled;
  }
}
