import type { CloseDetail, ConnectTarget, DriverCounters, DriverOptions } from '../../contract/loadDriver.ts';
import { timeoutDetail } from './closeReason.ts';
import { checkTarget } from './requestHead.ts';
import { slotMisuse } from './slotMisuse.ts';

/** One attempt of one slot, from `open` to `closed`. */
export interface Attempt {
  readonly slot: number;
  /** Until the stream is there. */
  timer: NodeJS.Timeout | null;
}

/** The attempts under way of a driver that is made of a package: at most one for each slot, each with a deadline and one end. */
export class Attempts<A extends Attempt> {
  heartbeats = 0;
  readonly #options: DriverOptions;
  readonly #bySlot = new Map<number, A>();
  readonly #onIdle: (() => void)[] = [];
  #protocolErrors = 0;
  #stopped = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  get(slot: number): A | undefined {
    return this.#bySlot.get(slot);
  }

  /**
   * Where the slot is to connect.
   * @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed.
   */
  admit(slot: number): ConnectTarget {
    if (this.#stopped || this.#bySlot.has(slot)) throw slotMisuse(slot, this.#stopped);
    const target = this.#options.target(slot);
    checkTarget(target);
    return target;
  }

  /** Calls `end` where the attempt is not live in time. */
  deadline(end: (detail: CloseDetail) => void): NodeJS.Timeout {
    const { connectTimeoutMs } = this.#options;
    return setTimeout(() => end(timeoutDetail(connectTimeoutMs)), connectTimeoutMs);
  }

  add(attempt: A): void {
    this.#bySlot.set(attempt.slot, attempt);
  }

  /** The attempt has its stream, or needs none any more. */
  disarm(attempt: A): void {
    if (attempt.timer !== null) clearTimeout(attempt.timer);
    attempt.timer = null;
  }

  /** The attempt has ended; the slot may try again. */
  closed(attempt: A, detail: CloseDetail): void {
    this.disarm(attempt);
    this.#bySlot.delete(attempt.slot);
    if (detail.reason === 'bad-protocol') this.#protocolErrors++;
    this.#options.events.closed(attempt.slot, detail);
    if (this.#bySlot.size > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Packages hide bytes. */
  counters(): DriverCounters {
    return {
      bytesRead: null,
      bytesWritten: null,
      protocolErrors: this.#protocolErrors,
      heartbeats: this.heartbeats,
    };
  }

  /** Takes no more and ends all; resolves when the last one has closed. */
  async stop(close: (slot: number) => void): Promise<void> {
    this.#stopped = true;
    for (const slot of this.#bySlot.keys()) close(slot);
    if (this.#bySlot.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }
}
