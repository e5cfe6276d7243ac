import { ENVELOPE_BYTES, type Envelope, writeEnvelope } from '../../contract/envelope.ts';
import { seededRandom } from '../../contract/random.ts';
import { type PhaseSpec, seqOf, streamOf } from '../../contract/schedule.ts';
import type { WorkerPhaseReport } from '../../contract/workerControl.ts';
import {
  type Deliveries,
  deliveriesOf,
  type LatencyFigures,
  latencyFigures,
} from '../assemble/windowFigures.ts';
import { PhaseTally } from '../publisher/phaseTally.ts';
import { FleetRecorder } from '../recorders/fleetRecorder.ts';
import { SlotLayout } from '../recorders/slotLayout.ts';

const RUN = 4_711;
const STREAMS = 2;
const SLOTS_PER_WORKER = 4;
const WORKERS = 4;
/** Subscribers of each message, over all workers. */
const FAN_OUT = (WORKERS * SLOTS_PER_WORKER) / STREAMS;
const MESSAGES = 4_000;
const RATE = 400;
const PERIOD_US = 1e6 / RATE;

/** Everything that is expected: 32,000 deliveries. */
export const DELIVERIES = MESSAGES * FAN_OUT;

const SPEC: PhaseSpec = {
  id: 1,
  name: 'measure',
  firstIndex: 0,
  count: MESSAGES,
  startUs: 5_000_000_000,
  durationUs: MESSAGES * PERIOD_US,
  ratePerSecond: RATE,
  shape: [{ durationMs: (MESSAGES * PERIOD_US) / 1_000, ratePerSecond: RATE }],
  arrivals: 'uniform',
  seed: 1,
  streams: STREAMS,
};

/** What is known of a window before it is recorded. Times are microseconds. */
export interface KnownWindow {
  /** From the send of a message to its receipt by one subscriber. @param share of the window that is over */
  readonly serviceUs: (random: () => number, share: number) => number;
  /** By how much message `index` is sent too late, whole microseconds. @default 0 */
  readonly lagUs?: (index: number) => number;
  /** Deliveries, counted over messages and subscribers, that never come. @default none */
  readonly isLost?: (delivery: number) => boolean;
  /** Deliveries that come once more, a second later. @default none */
  readonly isTwice?: (delivery: number) => boolean;
  readonly seed: number;
}

/** The values themselves, of everything that came. */
export interface Exact {
  readonly delivery: readonly number[];
  readonly service: readonly number[];
  readonly sendLag: readonly number[];
}

/** What the harness makes of a window. */
export interface Recorded {
  readonly latency: LatencyFigures;
  readonly deliveries: Deliveries;
}

/**
 * Plays a window through the recorders of four workers, of one worker that has all subscribers, and of a publisher, by the
 * bytes that travel and the functions that every run uses; no process and no socket is in it.
 */
export function playWindow(known: KnownWindow): { four: Recorded; one: Recorded; exact: Exact } {
  const workers = Array.from({ length: WORKERS }, () => fleetOf(SLOTS_PER_WORKER));
  const alone = fleetOf(SLOTS_PER_WORKER * WORKERS);
  const tally = new PhaseTally(SPEC, 1);
  const random = seededRandom(known.seed);
  const exact = { delivery: [] as number[], service: [] as number[], sendLag: [] as number[] };
  for (let index = 0; index < MESSAGES; index++) {
    const envelope = envelopeOf(index, known.lagUs?.(index) ?? 0);
    tally.posted(envelope, false);
    tally.answered(index, 'sent', 100, '');
    exact.sendLag.push(envelope.sentUs - envelope.intendedUs);
    const bytes = bytesOf(envelope);
    for (let nth = 0; nth < FAN_OUT; nth++) {
      const serviceUs = known.serviceUs(random, index / MESSAGES);
      const delivery = index * FAN_OUT + nth;
      if (known.isLost?.(delivery)) continue;
      exact.service.push(serviceUs);
      exact.delivery.push(envelope.sentUs - envelope.intendedUs + serviceUs);
      const slot = nth * STREAMS + envelope.stream;
      for (const laterUs of known.isTwice?.(delivery) ? [0, 1e6] : [0]) {
        const receivedUs = envelope.sentUs + serviceUs + laterUs;
        const worker = workers[Math.floor(slot / SLOTS_PER_WORKER)];
        worker.message(slot % SLOTS_PER_WORKER, bytes, 0, bytes.length, receivedUs);
        alone.message(slot, bytes, 0, bytes.length, receivedUs);
      }
    }
  }
  const publisher = tally.report();
  const recorded = (fleets: readonly FleetRecorder[]): Recorded => {
    const foreign = fleets.reduce((sum, fleet) => sum + fleet.foreign, 0);
    const reports = fleets.map(collected);
    const window = { spec: SPEC, workers: reports, publisher, drainMs: 0, drainBoundHit: false };
    return { latency: latencyFigures(window, known.seed), deliveries: deliveriesOf(window, foreign) };
  };
  return { four: recorded(workers), one: recorded([alone]), exact };
}

function fleetOf(slots: number): FleetRecorder {
  const streamOfSlot = Int32Array.from({ length: slots }, (_, slot) => slot % STREAMS);
  const fleet = new FleetRecorder(RUN, new SlotLayout(streamOfSlot, STREAMS), new Uint8Array(slots));
  fleet.add(SPEC);
  return fleet;
}

function collected(fleet: FleetRecorder, worker: number, all: readonly FleetRecorder[]): WorkerPhaseReport {
  const slots = all.length === 1 ? SLOTS_PER_WORKER * WORKERS : SLOTS_PER_WORKER;
  return fleet.collect({
    phase: SPEC.id,
    untilIndex: null,
    expectedSlots: new Uint8Array(slots).fill(1),
    firstSlot: worker * SLOTS_PER_WORKER,
  });
}

function envelopeOf(index: number, lagUs: number): Envelope {
  const intendedUs = SPEC.startUs + index * PERIOD_US;
  return {
    run: RUN,
    publisher: 0,
    stream: streamOf(index, STREAMS),
    seq: seqOf(index, STREAMS),
    index,
    intendedUs,
    sentUs: intendedUs + lagUs,
  };
}

/** As a server pushes it: something before the token, and something behind. */
function bytesOf(envelope: Envelope): Buffer {
  const bytes = Buffer.alloc(ENVELOPE_BYTES + 24, '.');
  writeEnvelope(bytes, 6, envelope);
  return bytes;
}
