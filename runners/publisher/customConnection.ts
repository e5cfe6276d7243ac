import { type Clock, nowUs } from '../../contract/clock.ts';
import type { CustomPublisher } from '../../contract/customDriver.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { topicOf } from '../../contract/ingest.ts';
import type { PublisherStart } from '../../contract/publisherControl.ts';
import { closeWithin } from '../drivers/custom/closeWithin.ts';
import { openPublisher } from '../drivers/custom/openPublisher.ts';
import { refusalOf } from '../drivers/custom/refusal.ts';
import { owning } from '../drivers/custom/strayErrors.ts';
import type { Connect } from './connect.ts';
import type { PayloadWriter } from './payload.ts';
import { type Outcome, type PostListener, type PublishConnection, SILENT_US } from './publishConnection.ts';

/**
 * Opens the publisher of the user's driver.
 * @throws BenchError where that has none, or does not open
 */
export async function openCustom(
  start: PublisherStart,
  custom: NonNullable<PublisherStart['custom']>,
): Promise<Connect> {
  const made: CustomConnection[] = [];
  // An error of the connection that all messages share: none of those under way will be answered.
  const stray = (error: unknown): void => {
    for (const connection of made) connection.broke(error);
  };
  const publisher = await openPublisher({ ...custom, headers: start.headers }, stray);
  return (payload, listener) => {
    made.push(new CustomConnection(start, publisher, payload, listener));
    return made;
  };
}

/** A message between its publish and its answer. */
interface Publishing {
  readonly envelope: Envelope;
  readonly writtenUs: number;
}

/** Publishes by a driver of the user's own: at most `depth` messages without an answer, what waits shows as send lag. */
export class CustomConnection implements PublishConnection {
  readonly isAway = false;
  readonly #start: PublisherStart;
  readonly #publisher: CustomPublisher;
  readonly #payload: PayloadWriter;
  readonly #listener: PostListener;
  readonly #clock: Clock;
  readonly #bytes: Buffer;
  readonly #secrets: readonly string[];
  readonly #queue: Envelope[] = [];
  readonly #underWay = new Set<Publishing>();
  /** Since when the server has answered nothing although it owes something; null: nothing is owed. */
  #owedSinceUs: number | null = null;
  #stopped = false;

  constructor(
    start: PublisherStart,
    publisher: CustomPublisher,
    payload: PayloadWriter,
    listener: PostListener,
    clock = nowUs,
  ) {
    this.#start = start;
    this.#publisher = publisher;
    this.#payload = payload;
    this.#listener = listener;
    this.#clock = clock;
    this.#bytes = Buffer.allocUnsafe(payload.bytes);
    this.#secrets = Object.values(start.headers);
  }

  get hasInFlight(): boolean {
    return this.#underWay.size > 0;
  }

  enqueue(envelope: Envelope): void {
    if (this.#stopped) this.#listener.answered(envelope.index, 'skipped', 0, 'the publisher stops');
    else this.#queue.push(envelope);
  }

  flush(): void {
    while (!this.#stopped && this.#underWay.size < this.#start.depth) {
      const envelope = this.#queue.shift();
      if (envelope === undefined) return;
      this.#begin(envelope);
    }
  }

  #begin(envelope: Envelope): void {
    const writtenUs = this.#clock();
    this.#owedSinceUs ??= writtenUs;
    envelope.sentUs = Math.floor(writtenUs);
    this.#listener.posted(envelope);
    this.#payload.write(this.#bytes, 0, envelope);
    const publishing = { envelope, writtenUs };
    this.#underWay.add(publishing);
    const payload = this.#bytes.toString('latin1');
    owning(
      (error) => this.#failed(publishing, error),
      () => void this.#publish(publishing, payload),
    );
  }

  async #publish(publishing: Publishing, payload: string): Promise<void> {
    try {
      await this.#publisher.publish(topicOf(publishing.envelope.stream), payload);
      this.#answered(publishing, 'sent', '');
    } catch (error) {
      this.#failed(publishing, error);
    }
  }

  /** What is under way has failed; what waits is tried. */
  broke(error: unknown): void {
    const underWay = [...this.#underWay];
    for (const publishing of underWay) this.#failed(publishing, error);
  }

  #failed(publishing: Publishing, error: unknown): void {
    const { detail } = refusalOf(error, this.#secrets);
    this.#answered(publishing, isRefusal(error) ? 'refused' : 'failed', detail);
  }

  #answered(publishing: Publishing, outcome: Outcome, detail: string): void {
    if (!this.#underWay.has(publishing)) return;
    this.#settle(publishing, outcome, detail);
    const isIdle = this.#underWay.size === 0 && this.#queue.length === 0;
    this.#owedSinceUs = isIdle ? null : this.#clock();
    this.flush();
  }

  #settle(publishing: Publishing, outcome: Outcome, detail: string): void {
    this.#underWay.delete(publishing);
    const { envelope, writtenUs } = publishing;
    this.#listener.answered(envelope.index, outcome, this.#clock() - writtenUs, detail);
  }

  forget(): void {
    this.#stopped = true;
    this.#giveUp('skipped', 'the publisher stops');
    for (const { index } of this.#queue.splice(0)) {
      this.#listener.answered(index, 'skipped', 0, 'the publisher stops');
    }
  }

  abandon(why: string): void {
    const waiting = this.#queue.splice(0);
    const isSilent = this.#owedSinceUs !== null && this.#clock() - this.#owedSinceUs >= SILENT_US;
    // It waited for a server that answered nothing any more: that is no lateness of ours, and fails like what was published.
    if (isSilent) for (const { index } of waiting) this.#listener.answered(index, 'failed', 0, why);
    this.#owedSinceUs = null;
    this.#giveUp('failed', why);
  }

  #giveUp(outcome: Outcome, why: string): void {
    for (const publishing of [...this.#underWay]) this.#settle(publishing, outcome, why);
  }

  stop(): void {
    this.forget();
    void closeWithin(this.#publisher);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'refused' in error && error.refused === true;
}
