import { nowUs } from '../../contract/clock.ts';
import type { Instance } from '../../contract/discovery.ts';
import { topicOf } from '../../contract/ingest.ts';
import type { CloseDetail, DriverEvents, LoadDriver, PollFigures } from '../../contract/loadDriver.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import { seededRandom } from '../../contract/random.ts';
import type {
  RampRequest,
  SpeakRequest,
  WorkerFleetReport,
  WorkerProgress,
  WorkerStart,
} from '../../contract/workerControl.ts';
import { Conversation } from '../chat/conversation.ts';
import { ConnectOrder } from '../connectOrder.ts';
import { FleetRecorder } from '../recorders/fleetRecorder.ts';
import { encodeHistogram } from '../recorders/histograms.ts';
import { SlotLayout } from '../recorders/slotLayout.ts';
import { Churn } from './churn.ts';
import { ConnectionTally } from './connectionTally.ts';
import { ConnectRamp } from './connectRamp.ts';
import { createFleetDriver, groupOf } from './fleetDriver.ts';
import { Outages } from './outages.ts';
import { Reconnects } from './reconnects.ts';
import { SlotPlaces } from './slotPlaces.ts';
import { SlowReading } from './slowSlots.ts';

/** States of a slot. */
const IDLE = 0;
const CONNECTING = 1;
const LIVE = 2;
const WAITING = 3;
const GAVE_UP = 4;
/** Closed by the client to be opened again; the socket has not closed yet. */
const CHURNING = 5;
/** Cut on purpose: the fleet takes it for a loss. */
const CUT = 6;

/** How often due connects, retries and churn are looked at, milliseconds. */
const SWEEP_MS = 2;

/** A connection that lived this long, or brought a message, was a good one: the back-off begins anew after it. */
const GOOD_AFTER_US = 5_000_000;

interface FleetParts {
  readonly start: WorkerStart;
  readonly driver: LoadDriver;
  readonly order: ConnectOrder;
  /** Of each slot in the connect order. */
  readonly positions: Int32Array;
  readonly places: SlotPlaces;
  readonly random: () => number;
}

/** The connections of one load worker: connects on an open-loop schedule, reconnects by rule, and books what arrives. */
export class Fleet {
  readonly recorder: FleetRecorder;
  readonly tally = new ConnectionTally();
  /** 1 for each slot that was live when the ramp was settled: only these are expected to receive. */
  readonly expected: Uint8Array;
  /** What the clients say themselves. */
  readonly conversation: Conversation;
  readonly #start: WorkerStart;
  readonly #driver: LoadDriver;
  readonly #order: ConnectOrder;
  readonly #state: Uint8Array;
  readonly #intendedUs: Float64Array;
  readonly #openedUs: Float64Array;
  readonly #places: SlotPlaces;
  readonly #reconnects: Reconnects;
  readonly #outages: Outages;
  readonly #slow: SlowReading;
  readonly #churn = new Churn();
  readonly #random: () => number;
  readonly #sweeper: NodeJS.Timeout;
  #ramp: ConnectRamp | null = null;
  #rampDoneUs: number | null = null;
  #settled = false;

  static async create(start: WorkerStart): Promise<Fleet> {
    const order = new ConnectOrder({
      slots: start.fleetSlots,
      streams: start.streams,
      endpoints: start.endpoints.length,
      seed: start.seed,
    });
    const positions = order.positionsOf(start.firstSlot, start.slots);
    // Drawn from in the order of what happens: where to go next, and when.
    const random = seededRandom(start.seed + 7 + start.firstSlot);
    const planned = (slot: number): number =>
      start.streamsPerConnection === 1 ? order.endpointAt(positions[slot]) : groupOf(start, slot);
    const places = await SlotPlaces.create(start, planned, random);
    // The driver calls back only after `open`, when the fleet stands.
    const late: { fleet: Fleet | null } = { fleet: null };
    const topicOfSlot = (slot: number): string => topicOf(order.streamAt(positions[slot]));
    const driver = await createFleetDriver(start, { places, topicOfSlot, events: forwardTo(late) });
    late.fleet = new Fleet({ start, driver, order, positions, places, random });
    return late.fleet;
  }

  private constructor({ start, driver, order, positions, places, random }: FleetParts) {
    this.#start = start;
    this.#driver = driver;
    this.#order = order;
    this.expected = new Uint8Array(start.slots);
    this.#state = new Uint8Array(start.slots);
    this.#intendedUs = new Float64Array(start.slots);
    this.#openedUs = new Float64Array(start.slots);
    this.#outages = new Outages(start.slots);
    this.#slow = new SlowReading(start);
    this.#random = random;
    this.#places = places;
    this.#reconnects = new Reconnects(start, this.#random);
    const beside = order.besideProbes(start.firstProbeSlot);
    const layout = new SlotLayout(
      positions.map((position) => order.streamAt(position)),
      start.streams,
    );
    this.recorder = new FleetRecorder(
      start.run,
      layout,
      Uint8Array.from(positions, (p) => beside[p]),
      this.#slow.isSlow,
    );
    this.conversation = new Conversation({
      start,
      driver,
      order,
      positions,
      expected: this.expected,
      connections: () => (driver.connections?.() ?? this.tally.live) + (driver.uplinks?.() ?? 0),
    });
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  /** Opens the slots of a stretch of the connect order; each has an intended time of its own. */
  ramp(request: RampRequest): void {
    this.tally.startRamp(request.startUs);
    this.#rampDoneUs = null;
    this.#ramp = new ConnectRamp(this.#order, request, this.#start);
    if (this.#ramp.isEmpty) this.#rampDoneUs = request.startUs;
    this.#sweep();
  }

  #sweep(): void {
    const now = nowUs();
    this.#openDue(now);
    for (let slot = this.#dueRetry(now); slot !== null; slot = this.#dueRetry(now)) {
      if (this.#settled && this.#reconnects.attemptsOf(slot) > 0) this.tally.reconnects++;
      this.#open(slot);
    }
    this.#replaceDue(now);
    this.#noteRamp(now);
  }

  #dueRetry(now: number): number | null {
    return this.#mayOpen() ? this.#reconnects.takeDue(now) : null;
  }

  /** A server of unknown backlog is met with few connects at once; each success allows one more. */
  #mayOpen(): boolean {
    const { maxInFlight, initialInFlight } = this.#start;
    return this.tally.inFlight < Math.min(maxInFlight, initialInFlight + this.tally.established);
  }

  #openDue(now: number): void {
    while (this.#ramp !== null && this.#mayOpen()) {
      const due = this.#ramp.takeDue(now);
      if (due === null) return;
      this.tally.attempted++;
      // Kept through retries: the user of this connection has waited since then.
      this.#intendedUs[due.slot] = due.dueUs;
      this.#open(due.slot);
    }
  }

  #open(slot: number): void {
    this.#state[slot] = CONNECTING;
    this.tally.inFlight++;
    this.#driver.open(slot);
  }

  #noteRamp(now: number): void {
    if (this.#settled || this.#rampDoneUs !== null || this.#ramp === null || this.#ramp.isEmpty) return;
    this.tally.noteRamp(now);
    const isOpen = !this.#ramp.isDone || this.tally.inFlight > 0 || this.#reconnects.length > 0;
    if (!isOpen) this.#rampDoneUs = now;
  }

  opened(slot: number, atUs: number): void {
    this.tally.inFlight--;
    this.tally.live++;
    this.#state[slot] = LIVE;
    this.#openedUs[slot] = atUs;
    this.#outages.back(slot, atUs);
    this.#readSlowly(slot);
    if (!this.#settled) {
      this.tally.established++;
      this.tally.countHandshake(atUs - this.#intendedUs[slot]);
    }
    this.#openDue(atUs);
  }

  message(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    this.#reconnects.forget(slot);
    this.recorder.message(slot, bytes, start, end, receivedUs);
  }

  state(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    this.#reconnects.forget(slot);
    this.recorder.state(slot, bytes, start, end, receivedUs);
  }

  closed(slot: number, detail: CloseDetail): void {
    const state = this.#state[slot];
    const wasLive = state === LIVE || state === CHURNING || state === CUT;
    this.#state[slot] = IDLE;
    if (wasLive) this.tally.live--;
    else this.tally.inFlight--;
    if (state === CHURNING) {
      this.#state[slot] = WAITING;
      this.#reconnects.atOnce(slot);
      return;
    }
    if (state === CUT) {
      this.#countDrop(slot);
      this.#reconnects.forget(slot);
      this.#retry(slot, detail);
      return;
    }
    if (detail.reason === 'closed-by-client') return;
    this.tally.countFailure(detail);
    if (wasLive) {
      this.#slow.ended(slot);
      this.#countDrop(slot);
      // Not as soon as it is open: a server that accepts and drops would be met without back-off and for ever.
      if (nowUs() - this.#openedUs[slot] >= GOOD_AFTER_US) this.#reconnects.forget(slot);
    }
    const isGoing = detail.reason === 'going-away';
    const isTaken = this.#settled && (isGoing || !wasLive) && this.#places.leave(slot);
    this.#retry(slot, detail, isGoing || isTaken);
  }

  #countDrop(slot: number): void {
    if (this.#settled) {
      this.tally.dropped++;
      this.#outages.lost(slot, nowUs());
    } else this.tally.established--;
  }

  /** @param isSoon it was told to go, or another instance is there for it */
  #retry(slot: number, detail: CloseDetail, isSoon = false): void {
    if (detail.retryable && this.#reconnects.later(slot, isSoon)) {
      this.#state[slot] = WAITING;
      return;
    }
    this.#state[slot] = GAVE_UP;
    if (this.#settled) this.tally.gaveUp++;
    else this.tally.failed++;
  }

  retryAfter(slot: number, milliseconds: number): void {
    this.#reconnects.ask(slot, milliseconds);
  }

  /** Ends the ramp: what is live now is expected to receive, what is not is given up. */
  settle(): void {
    this.#settled = true;
    this.#ramp = null;
    this.#reconnects.clear();
    for (let slot = 0; slot < this.#start.slots; slot++) {
      this.expected[slot] = this.#state[slot] === LIVE ? 1 : 0;
      if (this.#state[slot] !== CONNECTING && this.#state[slot] !== WAITING) continue;
      this.tally.failed++;
      if (this.#state[slot] === CONNECTING) this.#driver.close(slot);
      else this.#state[slot] = GAVE_UP;
    }
  }

  /** Replaces `perSecond` connections per second from now on: closed by the client, opened again with resume. */
  setChurn(perSecond: number): void {
    this.#churn.begin(perSecond, nowUs());
  }

  #replaceDue(now: number): void {
    for (let due = this.#churn.takeDue(now); due > 0; due--) {
      const slot = Math.floor(this.#random() * this.#start.slots);
      if (this.#state[slot] !== LIVE) continue;
      this.tally.churned++;
      this.#state[slot] = CHURNING;
      this.#driver.close(slot);
    }
  }

  /** Cuts every live connection at once. @returns how many */
  cut(): number {
    let count = 0;
    for (let slot = 0; slot < this.#start.slots; slot++) {
      if (this.#state[slot] !== LIVE) continue;
      this.#state[slot] = CUT;
      count++;
      this.#driver.close(slot);
    }
    return count;
  }

  #readSlowly(slot: number): void {
    const bound = this.#slow.boundOf(slot);
    if (bound !== null) this.#driver.throttle?.(slot, bound);
  }

  /** Those who read slowly read as fast as they can from now on: what became of each is known in the end. */
  releaseSlow(): void {
    for (const slot of this.#slow.release()) this.#driver.throttle?.(slot, null);
  }

  gap(slot: number): void {
    this.tally.gaps++;
    this.#slow.toldGap(slot);
  }

  /** The clients say their part of a phase; what comes back to them is watched from now on. */
  speak(request: SpeakRequest): Promise<PublisherPhaseReport> {
    this.recorder.onRecorded = (slot, envelope, receivedUs) =>
      this.conversation.recorded(slot, envelope, receivedUs);
    return this.conversation.speak(request);
  }

  /** The list of instances has changed. */
  instances(instances: readonly Instance[]): void {
    this.#places.instances(instances);
  }

  /** null: the driver does not poll. */
  pollFigures(): PollFigures | null {
    return this.#driver.pollFigures?.() ?? null;
  }

  progress(): WorkerProgress {
    return {
      ...this.tally.counts(),
      rampDoneUs: this.#rampDoneUs,
      counters: this.#driver.counters(),
      phases: this.recorder.progress(this.expected),
    };
  }

  report(): WorkerFleetReport {
    return {
      ...this.tally.counts(),
      handshake: encodeHistogram(this.tally.handshake),
      reconnect: encodeHistogram(this.#outages.away),
      allBackUs: this.#outages.allBackUs,
      foreign: this.recorder.foreign,
      tcpConnections: this.#driver.connections?.() ?? null,
      slow: this.#slow.counts(this.expected, (slot) => this.#state[slot] === LIVE),
      tls: this.#driver.tls?.() ?? null,
      failures: this.tally.failures(),
      counters: this.#driver.counters(),
      ramp: this.tally.ramp,
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    this.conversation.hush();
    this.#settled = true;
    this.#reconnects.clear();
    this.#places.close();
    await this.#driver.stop();
    this.recorder.stop();
    this.conversation.stop();
    this.#outages.destroy();
  }
}

function forwardTo(late: { fleet: Fleet | null }): DriverEvents {
  return {
    opened: (slot, atUs) => late.fleet?.opened(slot, atUs),
    message: (slot, bytes, start, end, receivedUs) =>
      late.fleet?.message(slot, bytes, start, end, receivedUs),
    state: (slot, bytes, start, end, receivedUs) => late.fleet?.state(slot, bytes, start, end, receivedUs),
    gap: (slot) => late.fleet?.gap(slot),
    retryAfter: (slot, milliseconds) => late.fleet?.retryAfter(slot, milliseconds),
    closed: (slot, detail) => late.fleet?.closed(slot, detail),
  };
}
