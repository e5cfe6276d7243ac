import type { Histogram } from 'hdr-histogram-js';
import type { CloseDetail } from '../../contract/loadDriver.ts';
import type { ConnectionCounts, WorkerFleetReport } from '../../contract/workerControl.ts';
import { newHistogram, recordUs } from '../recorders/histograms.ts';

/** Kinds of failure that are told apart; the rest is counted under `other`. */
const MAX_FAILURE_KINDS = 50;
const RAMP_STEP_US = 100_000;

/** What happened to the connections of one process. */
export class ConnectionTally {
  readonly handshake: Histogram = newHistogram();
  readonly ramp: { atMs: number; attempted: number; established: number; failed: number }[] = [];
  attempted = 0;
  established = 0;
  live = 0;
  failed = 0;
  inFlight = 0;
  dropped = 0;
  reconnects = 0;
  churned = 0;
  gaveUp = 0;
  gaps = 0;
  readonly #failures = new Map<string, number>();
  #rampStartUs = Number.NaN;

  startRamp(startUs: number): void {
    if (Number.isNaN(this.#rampStartUs)) this.#rampStartUs = startUs;
  }

  countHandshake(us: number): void {
    recordUs(this.handshake, us);
  }

  countFailure(detail: CloseDetail): void {
    const key = `${detail.reason}\n${detail.detail.slice(0, 200)}`;
    const known = this.#failures.has(key) || this.#failures.size < MAX_FAILURE_KINDS;
    const counted = known ? key : 'other\nmore kinds of failure than are told apart';
    this.#failures.set(counted, (this.#failures.get(counted) ?? 0) + 1);
  }

  /** Notes the state of the ramp, at most once per 100 ms. */
  noteRamp(atUs: number): void {
    const step = Math.max(0, Math.floor((atUs - this.#rampStartUs) / RAMP_STEP_US));
    const last = this.ramp.at(-1);
    const entry = {
      atMs: (step + 1) * 100,
      attempted: this.attempted,
      established: this.established,
      failed: this.failed,
    };
    if (last !== undefined && last.atMs === entry.atMs) this.ramp[this.ramp.length - 1] = entry;
    else this.ramp.push(entry);
  }

  counts(): ConnectionCounts {
    return {
      attempted: this.attempted,
      established: this.established,
      live: this.live,
      failed: this.failed,
      inFlight: this.inFlight,
      dropped: this.dropped,
      reconnects: this.reconnects,
      churned: this.churned,
      gaveUp: this.gaveUp,
      gaps: this.gaps,
    };
  }

  failures(): WorkerFleetReport['failures'] {
    return [...this.#failures].map(([key, count]) => {
      const [reason, detail] = key.split('\n');
      return { reason, detail, count };
    });
  }
}
