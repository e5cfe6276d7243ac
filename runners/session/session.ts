import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { PollFigures } from '../../contract/loadDriver.ts';
import type { ProgressFigure, ProgressListener } from '../../contract/progress.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { LoadStage, PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport, WorkerProgress } from '../../contract/workerControl.ts';
import { countOf } from '../../scenarios/pacing.ts';
import { SpeakingClients } from '../chat/speakingClients.ts';
import { type ClockAgreement, checkClocks } from '../clock/checkClocks.ts';
import type { RunPlan } from '../plan.ts';
import { HostWatch } from './hostWatch.ts';
import { Processes, type ProcessesOptions } from './processes.ts';
import { publisherStart, workerStart } from './roleStarts.ts';
import { type GivenServer, ServerSide, type ServerSideOptions } from './serverSide.ts';
import type { Snapshot } from './snapshot.ts';

/** Time for control messages to arrive before a phase begins. */
const LEAD_US = 150_000;

export interface SessionOptions extends ServerSideOptions, ProcessesOptions {
  readonly progress: ProgressListener;
  /** Where the host is read. @default /proc */
  readonly hostRoot?: string;
}

/** One phase under way. */
export interface RunningPhase {
  readonly spec: PhaseSpec;
  readonly publisher: Promise<PublisherPhaseReport>;
}

/** The processes of one run and the schedule that they share. */
export class Session {
  readonly plan: RunPlan;
  readonly processes: Processes;
  readonly watch: HostWatch;
  readonly served: ServerSide;
  /** The clients, where they publish themselves; null: a publisher does, or nobody. */
  readonly speaking: SpeakingClients | null;
  readonly #options: SessionOptions;
  #nextIndex = 0;
  #nextPhase = 0;
  #scheduledUntilUs = 0;

  constructor(plan: RunPlan, options: SessionOptions) {
    this.plan = plan;
    this.#options = options;
    const clientsSpeak = options.publishes && plan.scenario.publishVia === 'clients';
    this.processes = new Processes(plan, { ...options, publishes: options.publishes && !clientsSpeak });
    this.served = new ServerSide(plan, this.processes, options);
    this.speaking = clientsSpeak ? new SpeakingClients(plan, this.processes) : null;
    this.watch = new HostWatch(() => this.processes.pids(), options.hostRoot);
  }

  /**
   * Starts all processes.
   * @returns how far apart their clocks can be
   * @throws ClocksDiffer where one of them has another clock
   */
  async start(): Promise<ClockAgreement> {
    const { processes, plan } = this;
    this.tell('start', 0, null, []);
    const places = await this.served.start();
    const { endpoints, access } = this.served;
    const starts: Promise<unknown>[] = processes.workers.map((worker, index) =>
      worker.request('start', workerStart(plan, plan.workers[index], endpoints, access)),
    );
    if (processes.publisher !== null)
      starts.push(processes.publisher.request('start', publisherStart(plan, places, access)));
    await processes.guard(Promise.all(starts));
    return this.checkClocks();
  }

  /**
   * Compares the clocks of all processes that live with this one's.
   * @throws ClocksDiffer where one is another clock
   */
  checkClocks(): Promise<ClockAgreement> {
    return this.processes.guard(checkClocks(this.processes.all().filter(({ alive }) => alive)));
  }

  /** Clients that read slowly on purpose do so no longer. */
  async releaseSlow(): Promise<void> {
    if (this.plan.scenario.slowShare === 0) return;
    await this.processes.guard(
      Promise.all(this.processes.workers.map((worker) => worker.request('releaseSlow', null))),
    );
  }

  /** Figures of one role's polls since it started; empty where nobody polls. */
  async pollFigures(of: 'worker' | 'probe' = 'worker'): Promise<PollFigures[]> {
    if (this.plan.polling === null) return [];
    const bulk = this.processes.workers.filter(({ role }) => role === of);
    const all = await this.processes.guard(Promise.all(bulk.map((worker) => worker.request('polls', null))));
    return all.flatMap((figures) => figures ?? []);
  }

  tell(phase: string, elapsedMs: number, totalMs: number | null, figures: readonly ProgressFigure[]): void {
    this.#options.progress({ kind: 'phase', phase, elapsedMs, totalMs, figures });
  }

  note(text: string): void {
    this.#options.progress({ kind: 'note', text });
  }

  tellFrozen(role: string, pid: number, forUs: number): void {
    this.#options.progress({ kind: 'frozen', role, pid, forUs });
  }

  snapshot(): Snapshot {
    return this.watch.take();
  }

  progress(): Promise<WorkerProgress[]> {
    return this.processes.guard(
      Promise.all(this.processes.workers.map((worker) => worker.request('progress', null))),
    );
  }

  /**
   * Adds a phase to the schedule, right behind the last one where that is still to come, and starts publishing it.
   * @param record false: nobody listens, so no ledger is kept
   */
  phase(
    name: PhaseSpec['name'],
    ratePerSecond: number,
    durationMs: number,
    record = true,
  ): Promise<RunningPhase> {
    return this.shapedPhase(name, [{ durationMs, ratePerSecond }], record);
  }

  /** A phase whose rate changes from stage to stage of a load shape. */
  async shapedPhase(
    name: PhaseSpec['name'],
    shape: readonly LoadStage[],
    record = true,
  ): Promise<RunningPhase> {
    const durationMs = shape.reduce((sum, stage) => sum + stage.durationMs, 0);
    const count = countOf(shape);
    const startUs = Math.max(this.#scheduledUntilUs, Math.ceil(nowUs()) + LEAD_US);
    const spec: PhaseSpec = {
      id: this.#nextPhase++,
      name,
      firstIndex: this.#nextIndex,
      count,
      startUs,
      durationUs: durationMs * 1_000,
      ratePerSecond: shape.length === 1 ? shape[0].ratePerSecond : (count * 1_000) / durationMs,
      shape,
      arrivals: this.plan.scenario.arrivals,
      seed: this.plan.seed + this.#nextPhase,
      streams: this.plan.streams,
    };
    this.#nextIndex += spec.count;
    this.#scheduledUntilUs = startUs + spec.durationUs;
    if (record) {
      await this.processes.guard(
        Promise.all(this.processes.workers.map((worker) => worker.request('phase', spec))),
      );
    }
    const publisher = this.#publish(spec);
    publisher.catch(() => {});
    return { spec, publisher };
  }

  #publish(spec: PhaseSpec): Promise<PublisherPhaseReport> {
    if (this.speaking !== null) return this.speaking.phase(spec);
    if (this.processes.publisher === null) throw new Error('a phase needs a publisher');
    return this.processes.publisher.request('phase', spec);
  }

  /** True where phases are published, by whomever. */
  get publishes(): boolean {
    return this.#options.publishes;
  }

  /** Sleeps until a time of the monotonic clock, telling the progress meanwhile. */
  async sleepUntil(atUs: number, onTick?: (elapsedMs: number) => Promise<void>): Promise<void> {
    const fromUs = nowUs();
    for (let leftUs = atUs - nowUs(); leftUs > 0; leftUs = atUs - nowUs()) {
      await this.processes.guard(delay(Math.min(500, leftUs / 1_000)));
      this.processes.checkTarget();
      await onTick?.((nowUs() - fromUs) / 1_000);
    }
  }

  collect(phase: PhaseSpec, untilIndex: number | null = null): Promise<WorkerPhaseReport[]> {
    return this.processes.guard(
      Promise.all(
        this.processes.workers.map((worker) => worker.request('collect', { phase: phase.id, untilIndex })),
      ),
    );
  }

  /**
   * A session of its own beside this one.
   * @param given a server that was started elsewhere; null: the plan's nodes
   * @param publishes where this session does; a ramp or a sweep has no use for it
   */
  sibling(plan: RunPlan, given: GivenServer | null = null, publishes: boolean = given !== null): Session {
    const options = { ...this.#options, publishes: publishes && this.#options.publishes };
    return new Session(
      plan,
      given === null
        ? options
        : { ...options, given, authority: plan.security === 'plain' ? null : this.served.authority },
    );
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  async stop(): Promise<void> {
    this.watch.stop();
    await this.processes.stop();
    await this.served.stop((text) => this.note(text));
  }
}
