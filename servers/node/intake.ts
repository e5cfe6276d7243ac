import { performance } from 'node:perf_hooks';
import type { Level, Refusal } from '../flow/refusal.ts';
import type { BatchRecord } from '../http/batch.ts';
import type { IngestSink } from '../http/ingest.ts';
import { NO_ID, type ReplayBuffer } from '../replay.ts';
import type { FanOut } from './fanOut.ts';
import type { Stream, StreamTable } from './streams.ts';

/** Counting what waits walks all congested streams: done at most this often, milliseconds. */
const COUNT_EVERY_MS = 100;

export interface IntakeParts<S extends Stream> {
  readonly replay: ReplayBuffer;
  readonly fanOut: FanOut<S>;
  readonly streams: StreamTable<S>;
}

/** Takes accepted messages in: an id and a place in the replay buffer at once, the fan-out after the answer. */
export class Intake<S extends Stream = Stream> implements IngestSink {
  readonly #parts: IntakeParts<S>;
  #slow: Level = { messages: 0, bytes: 0 };
  #countedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: IntakeParts<S>) {
    this.#parts = parts;
  }

  isFull(): boolean {
    return this.#parts.streams.flow.isServerFull(this.#level());
  }

  accept(records: readonly BatchRecord[]): number {
    const { replay, fanOut, streams } = this.#parts;
    for (const { topic, data } of records) fanOut.enqueue(replay.append(topic, data));
    streams.counts.published += records.length;
    return replay.lastId;
  }

  /** To those who are there, once: without an id and with no place in the replay buffer. Who catches up misses it. */
  relay(records: readonly BatchRecord[]): void {
    const { fanOut, streams } = this.#parts;
    for (const { topic, data } of records) fanOut.enqueue({ id: NO_ID, topic, data, frame: null });
    streams.counts.relayed += records.length;
  }

  refused(): Refusal {
    const { streams } = this.#parts;
    streams.counts.publishRefused++;
    return streams.flow.serverRefusal(this.#level());
  }

  #level(): Level {
    const { fanOut } = this.#parts;
    const { messages, bytes } = this.#slowReaders();
    return { messages: messages + fanOut.queuedMessages, bytes: bytes + fanOut.queuedBytes };
  }

  #slowReaders(): Level {
    const nowMs = performance.now();
    if (nowMs - this.#countedMs < COUNT_EVERY_MS) return this.#slow;
    this.#countedMs = nowMs;
    this.#slow = this.#parts.streams.level();
    return this.#slow;
  }
}
