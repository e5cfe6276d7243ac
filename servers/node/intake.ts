import { performance } from 'node:perf_hooks';
import type { BatchRecord } from '../http/batch.ts';
import type { IngestSink } from '../http/ingest.ts';
import type { ReplayBuffer } from '../replay.ts';
import type { FanOut } from './fanOut.ts';
import type { Stream, StreamTable } from './streams.ts';

/** Bytes that may wait in all connections and in the fan-out queue together before publishes are refused. */
const MAX_BACKLOG_BYTES = 256 * 1_048_576;
/** Counting what waits walks all congested streams: done at most this often, milliseconds. */
const COUNT_EVERY_MS = 100;

export interface IntakeParts<S extends Stream> {
  readonly replay: ReplayBuffer;
  readonly fanOut: FanOut<S>;
  readonly streams: StreamTable<S>;
  /** @default 268435456 */
  readonly maxBacklogBytes?: number;
}

/** Takes accepted messages in: an id and a place in the replay buffer at once, the fan-out after the answer. */
export class Intake<S extends Stream = Stream> implements IngestSink {
  readonly #parts: IntakeParts<S>;
  readonly #maxBacklogBytes: number;
  #unsentBytes = 0;
  #countedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: IntakeParts<S>) {
    this.#parts = parts;
    this.#maxBacklogBytes = parts.maxBacklogBytes ?? MAX_BACKLOG_BYTES;
  }

  isFull(): boolean {
    return this.#parts.fanOut.queuedBytes + this.#unsent() > this.#maxBacklogBytes;
  }

  accept(records: readonly BatchRecord[]): number {
    const { replay, fanOut, streams } = this.#parts;
    for (const { topic, data } of records) fanOut.enqueue(replay.append(topic, data));
    streams.counts.published += records.length;
    return replay.lastId;
  }

  refused(): void {
    this.#parts.streams.counts.publishRefused++;
  }

  #unsent(): number {
    const nowMs = performance.now();
    if (nowMs - this.#countedMs < COUNT_EVERY_MS) return this.#unsentBytes;
    this.#countedMs = nowMs;
    this.#unsentBytes = this.#parts.streams.unsentBytes();
    return this.#unsentBytes;
  }
}
