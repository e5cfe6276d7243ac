import { type Clock, nowUs } from '../../contract/clock.ts';

/** Stops and starts the reading of a slot; a slot without a connection is left alone. */
export interface Readers {
  pause(slot: number): void;
  resume(slot: number): void;
}

interface Bucket {
  readonly bytesPerSecond: number;
  /** Bytes that may still be read; negative: one read brought more than was left. */
  tokens: number;
  filledUs: number;
  isPaused: boolean;
}

/** How often buckets are filled, milliseconds. */
const SWEEP_MS = 20;

/**
 * Slots that read at a bounded rate: a token bucket for each, one timer for all, and none where nobody reads slowly. A read
 * takes what the kernel has, so the rate holds over the time that such a read is worth, not within it.
 */
export class ReadThrottle {
  readonly #readers: Readers;
  readonly #clock: Clock;
  readonly #buckets = new Map<number, Bucket>();
  #timer: NodeJS.Timeout | null = null;

  constructor(readers: Readers, clock: Clock = nowUs) {
    this.#readers = readers;
    this.#clock = clock;
  }

  /** @param bytesPerSecond null: no bound any more */
  limit(slot: number, bytesPerSecond: number | null): void {
    const wasPaused = this.#buckets.get(slot)?.isPaused ?? false;
    this.#buckets.delete(slot);
    if (bytesPerSecond !== null) {
      this.#buckets.set(slot, {
        bytesPerSecond,
        tokens: tokensOf(bytesPerSecond),
        filledUs: this.#clock(),
        isPaused: false,
      });
      this.#timer ??= setInterval(() => this.sweep(), SWEEP_MS);
    }
    if (wasPaused) this.#readers.resume(slot);
    if (this.#buckets.size === 0) this.stop();
  }

  /** The slot has a new connection, which reads. */
  connected(slot: number): void {
    const bucket = this.#buckets.get(slot);
    if (bucket !== undefined) this.limit(slot, bucket.bytesPerSecond);
  }

  took(slot: number, bytes: number): void {
    if (this.#buckets.size === 0) return;
    const bucket = this.#buckets.get(slot);
    if (bucket === undefined) return;
    bucket.tokens -= bytes;
    if (bucket.tokens > 0 || bucket.isPaused) return;
    bucket.isPaused = true;
    this.#readers.pause(slot);
  }

  /** Fills every bucket by the time that has passed, and lets those read that may. */
  sweep(): void {
    const atUs = this.#clock();
    for (const [slot, bucket] of this.#buckets) {
      const filled = bucket.tokens + ((atUs - bucket.filledUs) * bucket.bytesPerSecond) / 1e6;
      bucket.tokens = Math.min(filled, tokensOf(bucket.bytesPerSecond));
      bucket.filledUs = atUs;
      if (!bucket.isPaused || bucket.tokens < 1) continue;
      bucket.isPaused = false;
      this.#readers.resume(slot);
    }
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#buckets.clear();
  }
}

/** What a bucket holds: the bytes of a tenth of a second, and one at least. */
function tokensOf(bytesPerSecond: number): number {
  return Math.max(1, bytesPerSecond / 10);
}
