import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { ChatPhaseReport, HalfClose } from '../../contract/workerControl.ts';
import type { RunPlan } from '../plan.ts';
import type { WorkerClient } from '../roleClient.ts';
import type { Processes } from '../session/processes.ts';
import { mergeSpeaking } from './mergeSpeaking.ts';

/** Share of the window before some clients end their half. */
const HALF_CLOSE_AT = 1 / 2;

/** The clients of a run in the publisher's place: every worker says the part of a phase that is its own clients'. */
export class SpeakingClients {
  readonly #plan: RunPlan;
  readonly #processes: Processes;
  #halfClose: HalfClose | null = null;

  constructor(plan: RunPlan, processes: Processes) {
    this.#plan = plan;
    this.#processes = processes;
  }

  async phase(spec: PhaseSpec): Promise<PublisherPhaseReport> {
    const { payloadBytes, typingShare, halfCloseShare: share } = this.#plan.scenario;
    if (spec.name === 'measure' && share > 0) {
      this.#halfClose = { share, atUs: Math.floor(spec.startUs + spec.durationUs * HALF_CLOSE_AT) };
    }
    const request = { spec, payloadBytes, typingShare, halfClose: this.#halfClose };
    // Not guarded: after an abort what was said until then is still told, once the clients are hushed.
    const { workers } = this.#processes;
    const reports = await Promise.all(workers.map((worker) => worker.request('speak', request)));
    return mergeSpeaking(spec.id, reports, this.#isAnswered);
  }

  /** Waits for the moment in the window; resolves when the halves are closed. @returns how many are */
  async endUplinks(spec: PhaseSpec): Promise<number> {
    const halfClose = this.#halfClose;
    if (halfClose === null) return 0;
    const leftMs = Math.max(0, (halfClose.atUs - nowUs()) / 1_000);
    await this.#processes.guard(delay(leftMs, undefined, { ref: false }));
    const counts = await this.#all((worker) => worker.request('endUplinks', { phase: spec.id }));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  collect(spec: PhaseSpec): Promise<ChatPhaseReport[]> {
    return this.#all((worker) => worker.request('chat', { phase: spec.id }));
  }

  /** Ends what is being said early. */
  async hush(): Promise<void> {
    const alive = this.#processes.workers.filter((worker) => worker.alive);
    await Promise.all(alive.map((worker) => worker.request('hush', null)));
  }

  get #isAnswered(): boolean {
    const { subject } = this.#plan;
    return subject.kind === 'reference' && subject.capabilities.uplink === 'post';
  }

  #all<T>(ask: (worker: WorkerClient) => Promise<T>): Promise<T[]> {
    return this.#processes.guard(Promise.all(this.#processes.workers.map(ask)));
  }
}
