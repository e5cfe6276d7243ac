import { performance } from 'node:perf_hooks';
import type { BatchRecord } from '../http/batch.ts';
import type { IngestSink } from '../http/ingest.ts';
import type { ReplayBuffer } from '../replay.ts';
import type { FanOut } from './fanOut.ts';
import type { StreamTable } from './streams.ts';

/** Bytes that may wait in all connections and in the fan-out queue together before publishes are refused. */
export const MAX_BACKLOG_BYTES = 256 * 1_048_576;
/** Counting what waits walks all congested streams: done at most this often, milliseconds. */
const COUNT_EVERY_MS = 100;

export interface IntakeParts {
  readonly replay: ReplayBuffer;
  readonly fanOut: FanOut;
  readonly streams: StreamTable;
  readonly maxBacklogBytes: number;
}

/** Takes accepted messages in: an id and a place in the replay buffer at once, the fan-out after the answer. */
export class Intake implements IngestSink {
  published = 0;
  publishRefused = 0;
  readonly #parts: IntakeParts;
  #unsentBytes = 0;
  #countedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  isFull(): boolean {
    return this.#parts.fanOut.queuedBytes + this.#unsent() > this.#parts.maxBacklogBytes;
  }

  accept(records: readonly BatchRecord[]): number {
    const { replay, fanOut } = this.#parts;
    for (const { topic, data } of records) fanOut.enqueue(replay.append(topic, data));
    this.published += records.length;
    return replay.lastId;
  }

  refused(): void {
    this.publishRefused++;
  }

  #unsent(): number {
    const nowMs = performance.now();
    if (nowMs - this.#countedMs < COUNT_EVERY_MS) return this.#unsentBytes;
    this.#countedMs = nowMs;
    this.#unsentBytes = this.#parts.streams.unsentBytes();
    return this.#unsentBytes;
  }
}
