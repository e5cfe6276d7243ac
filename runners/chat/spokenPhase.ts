import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Histogram } from 'hdr-histogram-js';
import { nowUs } from '../../contract/clock.ts';
import type { Envelope } from '../../contract/envelope.ts';
import type { LoadDriver } from '../../contract/loadDriver.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { HalfClose } from '../../contract/workerControl.ts';
import type { PayloadWriter } from '../publisher/payload.ts';
import { newHistogram, recordUs } from '../recorders/histograms.ts';
import { type OwnTurn, OwnTurns } from './ownTurns.ts';
import { NOT_CONNECTED, SpeakTally } from './speakTally.ts';
import { isTyping, type Turns } from './turns.ts';

/** Below this a timer is too coarse, and turns of the event loop are counted off: receipts are read meanwhile. */
const TIMER_UNTIL_US = 2_000;
/** The longest sleep, so that an abort is noticed. */
const LONGEST_SLEEP_MS = 500;
/** Messages said at once where they are late, before what arrives is read. */
const MESSAGES_PER_TURN = 32;
/** How long answers may take after the last message before they count as failed. */
const LAST_ANSWERS_US = 10_000_000;

export interface SpokenPhaseParts {
  readonly spec: PhaseSpec;
  readonly run: number;
  readonly seed: number;
  readonly firstSlot: number;
  readonly slots: number;
  readonly turns: Turns;
  readonly halfClose: HalfClose | null;
  readonly typingShare: number;
  readonly payload: PayloadWriter;
  readonly say: NonNullable<LoadDriver['say']>;
}

/** One phase as the clients of one process say it: in open loop, beside all that they receive meanwhile. */
export class SpokenPhase {
  readonly spec: PhaseSpec;
  /** From the intended time until the sender sees its own message, microseconds. */
  readonly echo: Histogram = newHistogram();
  readonly tally = new SpeakTally();
  readonly halfClose: HalfClose | null;
  readonly turns: Turns;
  readonly #parts: SpokenPhaseParts;
  readonly #own: OwnTurns;
  #next: OwnTurn | null;
  #aborted = false;

  constructor(parts: SpokenPhaseParts) {
    this.spec = parts.spec;
    this.turns = parts.turns;
    this.halfClose = parts.halfClose;
    this.#parts = parts;
    this.#own = new OwnTurns(parts.spec, parts.turns, parts);
    this.#next = this.#own.take();
  }

  /** Says all that is due in this phase; resolves when the last of it is answered or given up. */
  async run(): Promise<PublisherPhaseReport> {
    await this.#sayAll();
    const deadlineUs = nowUs() + LAST_ANSWERS_US;
    while (this.tally.pending > 0 && nowUs() < deadlineUs && !this.#aborted) await delay(1);
    return this.tally.report(this.spec.id);
  }

  abort(): void {
    this.#aborted = true;
  }

  /** True where something that was due before `atUs` is still to be said. */
  isBehind(atUs: number): boolean {
    return !this.#aborted && this.#next !== null && this.#next.intendedUs < atUs;
  }

  /** A member received a message of this phase. */
  heard(slot: number, { stream, seq, intendedUs }: Envelope, receivedUs: number): void {
    const speaker = this.turns.speakerOf(stream, seq, intendedUs);
    if (speaker === this.#parts.firstSlot + slot) recordUs(this.echo, receivedUs - intendedUs);
  }

  async #sayAll(): Promise<void> {
    let atOnce = 0;
    for (; this.#next !== null && !this.#aborted; this.#next = this.#own.take()) {
      atOnce = (await this.#waitUntil(this.#next.intendedUs)) ? 0 : atOnce + 1;
      if (atOnce % MESSAGES_PER_TURN === MESSAGES_PER_TURN - 1) await nextTurn();
      if (this.#aborted) break;
      this.#say(this.#next);
    }
    let left = 0;
    for (; this.#next !== null; this.#next = this.#own.take()) left++;
    this.tally.leftUnsent(left);
  }

  /** @returns false where it was due already. */
  async #waitUntil(dueUs: number): Promise<boolean> {
    let leftUs = dueUs - nowUs();
    const waits = leftUs > 0;
    for (; leftUs > 0 && !this.#aborted; leftUs = dueUs - nowUs()) {
      // A timer of n ms may come a millisecond late.
      if (leftUs > TIMER_UNTIL_US) await delay(Math.min(LONGEST_SLEEP_MS, Math.floor(leftUs / 1_000) - 1));
      else await nextTurn();
    }
    return waits;
  }

  #say({ slot, stream, seq, index, intendedUs }: OwnTurn): void {
    const { run, seed, typingShare, payload, say } = this.#parts;
    const saying = isTyping(seed, index, typingShare) ? 'typing' : 'message';
    const sentUs = nowUs();
    const bytes = Buffer.allocUnsafe(payload.bytes);
    payload.write(bytes, 0, { run, publisher: 0, stream, seq, index, intendedUs, sentUs });
    this.tally.spoken(intendedUs, sentUs);
    const settled = (error: Error | null): void => this.tally.settled(saying, error, nowUs() - sentUs);
    if (!say(slot, saying, bytes, settled)) settled(new Error(NOT_CONNECTED));
  }

  destroy(): void {
    this.echo.destroy();
    this.tally.destroy();
  }
}
