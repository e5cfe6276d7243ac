import { type Clock, nowUs } from '../../contract/clock.ts';
import type { CustomPublisher } from '../../contract/customDriver.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { topicOf } from '../../contract/ingest.ts';
import type { PublisherStart } from '../../contract/publisherControl.ts';
import { closeWithin } from '../drivers/custom/closeWithin.ts';
import { openPublisher } from '../drivers/custom/openPublisher.ts';
import { refusalOf } from '../drivers/custom/refusal.ts';
import { owning } from '../drivers/custom/strayErrors.ts';
import { secretsIn } from '../fleet/hideSecrets.ts';
import type { Connect } from './connect.ts';
import { Outstanding, type Publishing } from './outstanding.ts';
import type { PayloadWriter } from './payload.ts';
import type { Outcome, PostListener, PublishConnection } from './publishConnection.ts';

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

/** Publishes by a driver of the user's own: at most `depth` messages without an answer, what waits shows as send lag. */
export class CustomConnection implements PublishConnection {
  readonly isAway = false;
  readonly #publisher: CustomPublisher;
  readonly #payload: PayloadWriter;
  readonly #bytes: Buffer;
  readonly #secrets: readonly string[];
  readonly #outstanding: Outstanding<Publishing>;

  constructor(
    start: PublisherStart,
    publisher: CustomPublisher,
    payload: PayloadWriter,
    listener: PostListener,
    clock: Clock = nowUs,
  ) {
    this.#publisher = publisher;
    this.#payload = payload;
    this.#bytes = Buffer.allocUnsafe(payload.bytes);
    this.#secrets = secretsIn(start.headers);
    // Nobody can take back what the driver was given.
    this.#outstanding = new Outstanding(start.depth, listener, clock, () => {});
  }

  get hasInFlight(): boolean {
    return this.#outstanding.hasInFlight;
  }

  enqueue(envelope: Envelope): void {
    this.#outstanding.enqueue(envelope);
  }

  flush(): void {
    this.#outstanding.flush((envelope, writtenUs) => this.#begin(envelope, writtenUs));
  }

  #begin(envelope: Envelope, writtenUs: number): void {
    this.#payload.write(this.#bytes, 0, envelope);
    const publishing = { envelope, writtenUs };
    this.#outstanding.add(publishing);
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
    for (const publishing of this.#outstanding.all()) this.#failed(publishing, error);
  }

  #failed(publishing: Publishing, error: unknown): void {
    const { detail } = refusalOf(error, this.#secrets);
    this.#answered(publishing, isRefusal(error) ? 'refused' : 'failed', detail);
  }

  #answered(publishing: Publishing, outcome: Outcome, detail: string): void {
    if (!this.#outstanding.has(publishing)) return;
    this.#outstanding.answered(publishing, outcome, detail);
    this.flush();
  }

  forget(): void {
    this.#outstanding.forget('the publisher stops');
  }

  abandon(why: string): void {
    this.#outstanding.abandon(why);
  }

  stop(): void {
    this.forget();
    void closeWithin(this.#publisher);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'refused' in error && error.refused === true;
}
