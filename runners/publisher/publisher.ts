import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { PublisherPhaseReport, PublisherStart } from '../../contract/control.ts';
import { type PhaseSpec, seqOf, streamOf } from '../../contract/schedule.ts';
import { createPacer } from '../../scenarios/pacing.ts';
import { NodeConnection, type PostListener } from './nodeConnection.ts';
import { PayloadWriter } from './payload.ts';
import { PhaseTally } from './phaseTally.ts';

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
  readonly #connections: NodeConnection[];
  readonly #tallies = new Map<PhaseSpec, PhaseTally>();
  /** The sending of the phases asked for so far: one follows the other without a gap, whatever the answers do. */
  #sending: Promise<void> = Promise.resolve();
  #aborted = false;

  constructor(start: PublisherStart) {
    this.#start = start;
    const payload = new PayloadWriter(start.payloadBytes, start.run);
    const listener: PostListener = {
      posted: (envelope) => this.#tallyOf(envelope.index)?.posted(envelope),
      answered: (index, outcome, ackUs, detail) =>
        this.#tallyOf(index)?.answered(index, outcome, ackUs, detail),
    };
    this.#connections = start.urls.map((url) => new NodeConnection(url, start, payload, listener));
  }

  #tallyOf(index: number): PhaseTally | undefined {
    for (const [spec, tally] of this.#tallies) {
      if (index >= spec.firstIndex && index < spec.firstIndex + spec.count) return tally;
    }
    return undefined;
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
    const pacer = createPacer(spec.arrivals, spec.ratePerSecond, spec.seed);
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
    const targets =
      this.#start.publishTo === 'every-node'
        ? this.#connections
        : [this.#connections[index % this.#connections.length]];
    for (const connection of targets) {
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
