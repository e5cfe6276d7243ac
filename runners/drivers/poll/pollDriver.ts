import { nowUs } from '../../../contract/clock.ts';
import type {
  CloseDetail,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  PollFigures,
  PollingOptions,
} from '../../../contract/loadDriver.ts';
import type { TlsParameters } from '../../../contract/security.ts';
import { CLOSED_BY_CLIENT, statusDetail, timeoutDetail } from '../closeReason.ts';
import { checkTarget } from '../requestHead.ts';
import { retryAfterMs } from '../retryAfter.ts';
import { slotMisuse } from '../slotMisuse.ts';
import { HeldPacing } from './heldPacing.ts';
import { PollDeadlines } from './pollDeadlines.ts';
import type { PollEngine, PollHandler } from './pollEngine.ts';
import type { PollPacing } from './pollPacing.ts';
import { PollPlaces } from './pollPlaces.ts';
import { PollSchedule } from './pollSchedule.ts';
import { verdictOf } from './pollStatus.ts';
import { PollTally } from './pollTally.ts';
import { ShownMessages } from './shownMessages.ts';

const IDLE = 0;
/** From `open` to the first answer. */
const OPENING = 1;
const LIVE = 2;
/** Ended from this side; the connection has not closed yet. */
const CLOSING = 3;

/** Failed polls in a row after which a slot is closed. */
const MAX_FAILURES = 3;
type PollAnswer = Parameters<PollHandler['answered']>[1];

/** What an engine needs of its driver. */
export interface EngineParts {
  readonly options: DriverOptions;
  readonly places: PollPlaces;
  readonly handler: PollHandler;
}

/**
 * A fleet of pollers, whatever sends their requests: when each slot polls, what an answer means, and when a slot is given
 * up. State in typed arrays by slot; no timer and no closure for each.
 *
 * On an interval the first poll goes out at `open`: its answer opens the slot. A held poll that resumes counts as open once
 * it is sent, because its answer comes only with the next event.
 */
export class PollDriver implements LoadDriver, PollHandler {
  readonly kind: LoadDriver['kind'];
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #isHeld: boolean;
  readonly #phase: Uint8Array;
  readonly #isAsking: Uint8Array;
  readonly #failures: Uint8Array;
  /** When the poll under way was due, microseconds. */
  readonly #dueUs: Float64Array;
  /** Why a slot is CLOSING. */
  readonly #endings = new Map<number, CloseDetail>();
  readonly #places: PollPlaces;
  readonly #shown: ShownMessages;
  readonly #pacing: PollPacing;
  readonly #deadlines: PollDeadlines;
  readonly #tally = new PollTally();
  readonly #engine: PollEngine;
  #protocolErrors = 0;
  #stopped = false;

  /** `initHistograms` must have been awaited. */
  constructor(
    kind: LoadDriver['kind'],
    options: DriverOptions,
    polling: PollingOptions,
    createEngine: (parts: EngineParts) => PollEngine,
  ) {
    const { slots, events, connectTimeoutMs } = options;
    this.kind = kind;
    this.#options = options;
    this.#events = events;
    this.#isHeld = polling.mode === 'held';
    this.#phase = new Uint8Array(slots);
    this.#isAsking = new Uint8Array(slots);
    this.#failures = new Uint8Array(slots);
    this.#dueUs = new Float64Array(slots);
    this.#places = new PollPlaces(slots, this.#isHeld);
    this.#shown = new ShownMessages(slots, events, this.#isHeld, (slot) => this.#isLive(slot));
    this.#pacing = this.#isHeld
      ? new HeldPacing(slots, nowUs, (slot, atUs) => this.#ask(slot, atUs))
      : new PollSchedule(slots, polling, nowUs, (slot, dueUs, atUs) => this.#due(slot, dueUs, atUs));
    this.#deadlines = new PollDeadlines(slots, connectTimeoutMs, this.#isHeld, (slot, limitMs) =>
      this.broke(slot, timeoutDetail(limitMs)),
    );
    this.#engine = createEngine({ options, places: this.#places, handler: this });
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped || this.#phase[slot] !== IDLE) throw slotMisuse(slot, this.#stopped);
    checkTarget(this.#options.target(slot));
    this.#phase[slot] = OPENING;
    this.#failures[slot] = 0;
    this.#ask(slot, nowUs());
  }

  close(slot: number): void {
    this.#end(slot, CLOSED_BY_CLIENT);
  }

  counters(): DriverCounters {
    const { bytesRead, bytesWritten } = this.#engine;
    return { bytesRead, bytesWritten, protocolErrors: this.#protocolErrors, heartbeats: 0 };
  }

  pollFigures(): PollFigures {
    return this.#tally.figures();
  }

  tls(): TlsParameters | null {
    return this.#engine.tls;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (let slot = 0; slot < this.#phase.length; slot++) this.close(slot);
    await this.#engine.stop();
    this.#pacing.stop();
    this.#tally.stop();
  }

  connecting(): void {
    this.#tally.connections++;
  }

  damagedFraming(): void {
    this.#protocolErrors++;
  }

  asked(slot: number): void {
    if (!this.#isHeld || this.#phase[slot] !== OPENING || !this.#places.has(slot)) return;
    this.#deadlines.start(slot, true);
    this.#phase[slot] = LIVE;
    this.#events.opened(slot, nowUs());
  }

  answered(
    slot: number,
    answer: PollAnswer,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
    wireBytes: number,
  ): void {
    if (this.#isAsking[slot] === 0) return;
    this.#settle(slot);
    this.#tally.answered++;
    if (this.#phase[slot] === LIVE) this.#tally.took(receivedUs - this.#dueUs[slot]);
    const verdict = verdictOf(answer.status, answer.status === 304 && this.#isConditional(slot));
    if (verdict === 'shown' || verdict === 'nothing') {
      this.#failures[slot] = 0;
      if (!this.#open(slot, receivedUs)) return;
      const isNew =
        verdict === 'shown'
          ? this.#show(slot, answer, bytes, start, end, receivedUs)
          : this.#showNothing(slot, answer);
      if (!isNew) this.#countEmpty(wireBytes);
      if (this.#isLive(slot)) this.#pacing.answered(slot, isNew, this.#dueUs[slot], receivedUs);
    } else this.#refused(slot, answer, verdict);
  }

  broke(slot: number, detail: CloseDetail): void {
    if (this.#isAsking[slot] === 1) this.#tally.failed++;
    this.#end(slot, detail);
  }

  gone(slot: number): void {
    const detail = this.#endings.get(slot) ?? CLOSED_BY_CLIENT;
    this.#endings.delete(slot);
    this.#phase[slot] = IDLE;
    this.#events.closed(slot, detail);
  }

  #due(slot: number, dueUs: number, atUs: number): void {
    if (this.#isAsking[slot] === 1) {
      this.#tally.skipped++;
      return;
    }
    this.#tally.late(atUs - dueUs);
    this.#ask(slot, dueUs);
  }

  #ask(slot: number, dueUs: number): void {
    this.#isAsking[slot] = 1;
    this.#dueUs[slot] = dueUs;
    this.#tally.sent++;
    this.#deadlines.start(slot, this.#isHeld && this.#isLive(slot));
    this.#engine.send(slot);
  }

  /** The slot's poll is over. */
  #settle(slot: number): void {
    this.#isAsking[slot] = 0;
    this.#deadlines.end(slot);
  }

  /** @returns false where the slot was closed as it opened. */
  #open(slot: number, receivedUs: number): boolean {
    if (this.#phase[slot] === OPENING) {
      this.#phase[slot] = LIVE;
      this.#events.opened(slot, receivedUs);
      if (this.#isLive(slot)) this.#pacing.opened(slot);
    }
    return this.#isLive(slot);
  }

  #show(
    slot: number,
    { fields }: PollAnswer,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
  ): boolean {
    this.#places.take(slot, fields);
    if (fields.has('x-gap')) this.#events.gap(slot);
    return this.#shown.read(slot, bytes, start, end, receivedUs);
  }

  #showNothing(slot: number, { fields }: PollAnswer): false {
    // What a 304 says of its tag is known, and a 204 has no state that a tag could stand for.
    if (this.#isHeld) this.#places.take(slot, fields);
    return false;
  }

  #countEmpty(wireBytes: number): void {
    this.#tally.empty++;
    this.#tally.emptyBytes += wireBytes;
  }

  #refused(slot: number, { status, fields }: PollAnswer, verdict: 'later' | 'elsewhere' | 'failed'): void {
    this.#tally.failed++;
    const detail = statusDetail(status, fields.get('location') ?? null);
    const pauseMs = verdict === 'later' ? retryAfterMs(fields.get('retry-after')) : null;
    if (verdict === 'elsewhere') this.#end(slot, { ...detail, retryable: false });
    else if (this.#phase[slot] === OPENING) {
      if (pauseMs !== null) this.#events.retryAfter(slot, pauseMs);
      this.#end(slot, detail);
    } else if (verdict === 'failed' && ++this.#failures[slot] >= MAX_FAILURES) this.#end(slot, detail);
    else this.#pacing.refused(slot, pauseMs);
  }

  #isLive(slot: number): boolean {
    return this.#phase[slot] === LIVE;
  }

  #isConditional(slot: number): boolean {
    if (this.#places.has(slot)) return !this.#isHeld;
    // The user may send a condition of their own.
    const { headers } = this.#options.target(slot);
    return Object.keys(headers).some((name) => name.toLowerCase() === 'if-none-match');
  }

  /** Ends the slot from this side. The first reason counts. */
  #end(slot: number, detail: CloseDetail): void {
    if (this.#phase[slot] === IDLE || this.#phase[slot] === CLOSING) return;
    this.#phase[slot] = CLOSING;
    this.#endings.set(slot, detail);
    this.#settle(slot);
    this.#pacing.remove(slot);
    if (detail.reason === 'bad-protocol') this.#protocolErrors++;
    this.#engine.drop(slot);
  }
}
