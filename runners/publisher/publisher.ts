import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { Instance } from '../../contract/discovery.ts';
import type { Envelope } from '../../contract/envelope.ts';
import type { PublisherPhaseReport, PublisherStart } from '../../contract/publisherControl.ts';
import { type PhaseSpec, seqOf, streamOf } from '../../contract/schedule.ts';
import { createSchedule } from '../../scenarios/pacing.ts';
import { type Connect, postsTo } from './connect.ts';
import { PayloadWriter } from './payload.ts';
import { PhaseTally } from './phaseTally.ts';
import type { PostListener, PublishConnection } from './publishConnection.ts';

/** Below this a timer is too coarse: the thread sleeps instead. */
const TIMER_UNTIL_US = 3_000;
/** Below this a sleep is too coarse: the thread spins. */
const SLEEP_UNTIL_US = 60;
/** While answers are due the thread sleeps in slices of this, so that their delay is seen as it is. */
const ANSWER_SLICE_US = 200;
/** How long answers may take after the last message before they count as failed. */
const LAST_ANSWERS_US = 10_000_000;

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/** Publishes phases of the schedule in open loop: a message's time never depends on the server. */
export class Publisher {
  readonly #start: PublisherStart;
  readonly #connections: readonly PublishConnection[];
  readonly #tallies = new Map<PhaseSpec, PhaseTally>();
  /** How often a message was handed on; each node is tried once. */
  readonly #reposts = new Map<number, number>();
  /** The sending of the phases asked for so far: one follows the other without a gap, whatever the answers do. */
  #sending: Promise<void> = Promise.resolve();
  #aborted = false;

  /** @param connect its way to the nodes; where calls are made, what `connectOf` loads for them */
  constructor(start: PublisherStart, connect: Connect = postsTo(start)) {
    this.#start = start;
    const payload = new PayloadWriter(start.payloadBytes, start.run);
    const listener: PostListener = {
      posted: (envelope) =>
        this.#tallyOf(envelope.index)?.posted(envelope, this.#reposts.has(envelope.index)),
      answered: (index, outcome, ackUs, detail) =>
        this.#tallyOf(index)?.answered(index, outcome, ackUs, detail),
      retried: (index) => this.#tallyOf(index)?.retried(),
      orphaned: (envelope, from) => this.#repost(envelope, from),
    };
    this.#connections = connect(payload, listener);
  }

  #tallyOf(index: number): PhaseTally | undefined {
    for (const [spec, tally] of this.#tallies) {
      if (index >= spec.firstIndex && index < spec.firstIndex + spec.count) return tally;
    }
    return undefined;
  }

  /**
   * Gives a message without an answer to another node, as a publisher of a cluster does. The first node may have passed
   * it on before it went: then subscribers get it twice, which the ledger counts.
   */
  #repost(envelope: Envelope, from: PublishConnection): boolean {
    const others = this.#connections.filter((connection) => connection !== from && !connection.isAway);
    const tries = this.#reposts.get(envelope.index) ?? 0;
    if (this.#start.publishTo !== 'any-node' || others.length === 0 || tries + 1 >= this.#connections.length)
      return false;
    this.#reposts.set(envelope.index, tries + 1);
    this.#tallyOf(envelope.index)?.retried();
    others[envelope.index % others.length].enqueue(envelope);
    return true;
  }

  forget(node: number): void {
    this.#connections[node]?.forget();
  }

  /** The list of instances has changed. */
  instances(instances: readonly Instance[]): void {
    for (const connection of this.#connections) connection.instances?.(instances);
  }

  abort(): void {
    this.#aborted = true;
  }

  stop(): void {
    this.#aborted = true;
    for (const connection of this.#connections) connection.stop();
  }

  /** Sends a phase after those asked for before; resolves when its last message is answered or given up. */
  async phase(spec: PhaseSpec): Promise<PublisherPhaseReport> {
    this.#aborted = false;
    const posts = this.#start.publishTo === 'every-node' ? this.#connections.length : 1;
    const tally = new PhaseTally(spec, posts);
    this.#tallies.set(spec, tally);
    this.#sending = this.#sending.then(() => this.#send(spec));
    await this.#sending;
    await this.#awaitAnswers(tally);
    this.#tallies.delete(spec);
    return tally.report();
  }

  async #send(spec: PhaseSpec): Promise<void> {
    const pacer = createSchedule(spec);
    for (let next = 0; next < spec.count && !this.#aborted; ) {
      await this.#waitUntil(spec.startUs + pacer.intendedUs(next));
      const elapsedUs = nowUs() - spec.startUs;
      while (next < spec.count && pacer.intendedUs(next) <= elapsedUs) {
        this.#enqueue(spec, next, spec.startUs + pacer.intendedUs(next));
        next++;
      }
      for (const connection of this.#connections) connection.flush();
      await nextTurn();
    }
  }

  #enqueue(spec: PhaseSpec, number: number, intendedUs: number): void {
    const index = spec.firstIndex + number;
    this.#tallies.get(spec)?.begun(nowUs() - intendedUs);
    for (const connection of this.#targetsOf(index)) {
      connection.enqueue({
        run: this.#start.run,
        publisher: 0,
        stream: streamOf(index, spec.streams),
        seq: seqOf(index, spec.streams),
        index,
        intendedUs: Math.floor(intendedUs),
        sentUs: 0,
      });
    }
  }

  #targetsOf(index: number): readonly PublishConnection[] {
    const all = this.#connections;
    if (this.#start.publishTo === 'every-node') return all;
    const here = all.filter(({ isAway }) => !isAway);
    const among = here.length > 0 ? here : all;
    return [among[index % among.length]];
  }

  async #waitUntil(dueUs: number): Promise<void> {
    for (let leftUs = dueUs - nowUs(); leftUs > 0 && !this.#aborted; leftUs = dueUs - nowUs()) {
      if (leftUs > TIMER_UNTIL_US + 1_000) {
        await delay(Math.min(500, (leftUs - TIMER_UNTIL_US) / 1_000));
      } else if (leftUs > SLEEP_UNTIL_US) {
        await this.#sleep(leftUs - SLEEP_UNTIL_US);
      }
    }
  }

  async #sleep(us: number): Promise<void> {
    const isAnswerDue = this.#connections.some((connection) => connection.hasInFlight);
    Atomics.wait(sleepCell, 0, 0, (isAnswerDue ? Math.min(us, ANSWER_SLICE_US) : us) / 1_000);
    await nextTurn();
  }

  async #awaitAnswers(tally: PhaseTally): Promise<void> {
    const deadlineUs = nowUs() + LAST_ANSWERS_US;
    while (!tally.complete && nowUs() < deadlineUs && !this.#aborted) {
      for (const connection of this.#connections) connection.flush();
      await delay(1);
    }
    if (tally.complete || this.#tallies.size > 1) return;
    for (const connection of this.#connections) connection.abandon('no answer');
  }
}
