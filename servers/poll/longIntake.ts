import type { Level, Refusal } from '../flow/refusal.ts';
import type { BatchRecord } from '../http/batch.ts';
import type { IngestSink } from '../http/ingest.ts';
import type { NodeCore } from '../node/core.ts';
import type { HeldPolls } from './heldPolls.ts';

/** Takes accepted messages in: an id and a place in the replay buffer at once; who waits is answered afterwards. */
export class LongIntake implements IngestSink {
  readonly #core: NodeCore;
  readonly #held: HeldPolls;

  constructor(core: NodeCore, held: HeldPolls) {
    this.#core = core;
    this.#held = held;
  }

  isFull(): boolean {
    return this.#core.streams.flow.isServerFull(this.#level);
  }

  accept(records: readonly BatchRecord[]): number {
    const { replay, streams } = this.#core;
    for (const { topic, data } of records) this.#held.wake(replay.append(topic, data));
    streams.counts.published += records.length;
    return replay.lastId;
  }

  refused(): Refusal {
    const { streams } = this.#core;
    streams.counts.publishRefused++;
    return streams.flow.serverRefusal(this.#level);
  }

  /** Events whose waiters are not answered yet. */
  get #level(): Level {
    return this.#held.waiting;
  }
}
