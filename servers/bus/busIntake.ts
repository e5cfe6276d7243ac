import { nowUs } from '../../contract/clock.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Refusal } from '../flow/refusal.ts';
import type { BatchRecord } from '../http/batch.ts';
import { type IngestSink, IngestUnavailable } from '../http/ingest.ts';
import type { StreamCounts } from '../node/streams.ts';
import type { Bus } from './bus.ts';

export interface BusIntakeParts {
  /** What a node without a bus would take messages with: tells when too much waits. */
  readonly local: Pick<IngestSink, 'isFull' | 'refused'>;
  /** null until the node has joined. */
  readonly bus: () => Bus | null;
  readonly counts: StreamCounts;
}

/** Hands accepted messages to the bus: they come back from it to every node, this one included. */
export class BusIntake implements IngestSink {
  /** Messages that the bus did not take. */
  publishFailed = 0;
  readonly #parts: BusIntakeParts;

  constructor(parts: BusIntakeParts) {
    this.#parts = parts;
  }

  isFull(): boolean {
    return this.#parts.local.isFull();
  }

  refused(): Refusal {
    return this.#parts.local.refused();
  }

  async accept(records: readonly BatchRecord[]): Promise<number> {
    try {
      const lastId = await this.#publish(records);
      this.#parts.counts.published += records.length;
      return lastId;
    } catch (error) {
      this.publishFailed += records.length;
      throw new IngestUnavailable(messageOf(error), { cause: error });
    }
  }

  #publish(records: readonly BatchRecord[]): Promise<number> {
    const bus = this.#parts.bus();
    if (bus === null) throw new Error('this node has not joined the bus yet');
    return bus.publish(records, nowUs());
  }
}
