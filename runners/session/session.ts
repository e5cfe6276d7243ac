import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { Instance } from '../../contract/discovery.ts';
import { messageOf } from '../../contract/errors.ts';
import type { PollFigures } from '../../contract/loadDriver.ts';
import type { ProgressFigure, ProgressListener } from '../../contract/progress.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { LoadStage, PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport, WorkerProgress } from '../../contract/workerControl.ts';
import { countOf } from '../../scenarios/pacing.ts';
import { SpeakingClients } from '../chat/speakingClients.ts';
import type { RunPlan } from '../plan.ts';
import type { ServerClient } from '../roleClient.ts';
import type { Authority } from '../security/authority.ts';
import type { NodeCounts } from './evidence.ts';
import { HostWatch } from './hostWatch.ts';
import { Processes } from './processes.ts';
import { type Access, publisherStart, serverOptions, workerStart } from './roleStarts.ts';
import { RunDirectory } from './runDirectory.ts';
import type { Snapshot } from './snapshot.ts';

/** Time for control messages to arrive before a phase begins. */
const LEAD_US = 150_000;

export interface SessionOptions {
  readonly publishes: boolean;
  readonly signal: AbortSignal;
  readonly progress: ProgressListener;
  /** In place of the plan's nodes. */
  readonly given?: GivenServer;
  /** Whom that server trusts, and who vouches for it: of the session that started it. */
  readonly authority?: Authority | null;
}

/** A server that was started elsewhere. */
export interface GivenServer {
  readonly endpoints: readonly Endpoint[];
  /** Where it takes posts; null: on every endpoint. */
  readonly ingest: Endpoint | null;
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
  /** The clients, where they publish themselves; null: a publisher does, or nobody. */
  readonly speaking: SpeakingClients | null;
  readonly #options: SessionOptions;
  #endpoints: readonly Endpoint[] = [];
  #nextIndex = 0;
  #nextPhase = 0;
  #scheduledUntilUs = 0;
  #busUrl: string | null = null;
  #broker: string | null = null;
  #authority: Authority | null;
  #directory: RunDirectory | null = null;
  #instances: readonly Instance[] = [];
  #started = 0;
  readonly #retired: NodeCounts[] = [];

  constructor(plan: RunPlan, options: SessionOptions) {
    this.plan = plan;
    this.#options = options;
    this.#authority = options.authority ?? null;
    const clientsSpeak = options.publishes && plan.scenario.publishVia === 'clients';
    this.processes = new Processes(plan, { ...options, publishes: options.publishes && !clientsSpeak });
    this.speaking = clientsSpeak ? new SpeakingClients(plan, this.processes) : null;
    this.watch = new HostWatch(() => this.processes.pids());
  }

  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  async start(): Promise<void> {
    const { processes, plan } = this;
    this.tell('start', 0, null, []);
    // Not guarded: what it opens while the run is interrupted must be known to `stop`.
    this.#authority ??= await authorityFor(plan);
    await processes.guard(this.#startBus());
    this.#directory = await processes.guard(RunDirectory.start(plan, processes));
    const nodes = await processes.guard(
      Promise.all(processes.servers.map((server) => this.#startNode(server))),
    );
    const places = nodes.length > 0 ? nodes : this.#givenPlaces();
    const instances = places.map(({ instance }) => instance);
    this.#instances = instances;
    this.#endpoints = instances.flatMap(({ endpoints }) => endpoints);
    const ingest = places.map((place) => place.ingest ?? place.instance.endpoints[0]);
    const starts: Promise<unknown>[] = processes.workers.map((worker, index) =>
      worker.request('start', workerStart(plan, plan.workers[index], this.#endpoints, this.access)),
    );
    if (processes.publisher !== null)
      starts.push(
        processes.publisher.request('start', publisherStart(plan, { ingest, instances }, this.access)),
      );
    await processes.guard(Promise.all(starts));
  }

  #givenPlaces(): NodePlaces[] {
    const { subject } = this.plan;
    const own = subject.kind === 'target' ? { endpoints: [subject.endpoint], ingest: null } : null;
    const given = this.#options.given ?? own;
    if (given === null) return [];
    const { endpoints, ingest } = given;
    return [{ ingest, instance: { nodeId: 'given', endpoints, weight: 1 } }];
  }

  /** Name and version of what carries messages between the nodes; null: nothing does. */
  get broker(): string | null {
    return this.#broker;
  }

  async #startBus(): Promise<void> {
    const { subject, run } = this.plan;
    if (subject.kind !== 'reference' || subject.capabilities.bus === null) return;
    const kind = subject.capabilities.bus;
    const { broker } = this.processes;
    if (broker !== null) {
      const started = await broker.request('start', { kind });
      this.processes.noteBroker(started.pid);
      this.#broker = started.name;
      this.#busUrl = started.url;
    } else if (subject.givenBus !== null) {
      // Loaded on demand: only a run with a bus carries its client.
      const { checkBus } = await import('../broker/checkBus.ts');
      this.#broker = await checkBus(kind, subject.givenBus);
      // So that what another run left there is not taken for this one's.
      const url = new URL(subject.givenBus);
      url.searchParams.set('prefix', `pushbench-${run}`);
      this.#busUrl = url.href;
    }
  }

  /** Of the living nodes, and of those that were replaced; one that was killed took its counts along. */
  async nodeCounts(): Promise<NodeCounts[]> {
    const nodes = this.processes.servers.filter(({ alive }) => alive);
    const living = await this.processes.guard(Promise.all(nodes.map(countsOf)));
    return [...this.#retired, ...living];
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

  /** How the clients of this run prove who they are, and whom they trust. */
  get access(): Access {
    const { subject } = this.plan;
    const client = subject.kind === 'target' ? subject.target : null;
    return {
      security: client?.security ?? this.#authority?.client ?? null,
      headers: client?.headers ?? this.#authority?.headers ?? {},
      directory: this.#directory?.source ?? null,
    };
  }

  async #startNode(server: ServerClient): Promise<NodePlaces> {
    const { subject } = this.plan;
    if (subject.kind !== 'reference') throw new Error("a server of the user's own is not started here");
    const number = this.#started++;
    const { listen } = subject.nodes[number % subject.nodes.length];
    const nodeId = `n${number + 1}`;
    const { endpoints, ingest } = await server.request('start', {
      stage: subject.stage,
      variant: subject.variant,
      options: serverOptions(this.plan, {
        nodeId,
        listen,
        busUrl: this.#busUrl,
        security: (await this.#authority?.server(nodeId)) ?? null,
        registration: this.#directory?.registration ?? null,
      }),
    });
    return { ingest, instance: { nodeId, endpoints, weight: 1 } };
  }

  /** Where instances are listed, for the report: `static`, or an etcd with its version. */
  get discovery(): string {
    return this.#directory?.name ?? 'static';
  }

  /**
   * The instance that serves longest takes no more, sends its clients away and ends.
   * @param graceMs time for the clients to go
   * @returns its name
   */
  async retireInstance(graceMs: number): Promise<string> {
    const [{ nodeId }, ...others] = this.#instances;
    const [server] = this.processes.servers;
    this.processes.retire(server);
    await this.#tellInstances(others);
    await this.processes.guard(server.request('drain', { graceMs }));
    this.#retired.push(await this.processes.guard(countsOf(server)));
    await this.processes.guard(server.stop());
    return nodeId;
  }

  /** Another instance, in a process of its own; resolves when it is listed. */
  async addInstance(): Promise<void> {
    const server = this.processes.launchServer(this.#started);
    const { instance } = await this.processes.guard(this.#startNode(server));
    this.processes.enlist(server);
    await this.#tellInstances([...this.#instances, instance]);
  }

  /** Those who watch a directory see for themselves. */
  async #tellInstances(instances: readonly Instance[]): Promise<void> {
    this.#instances = instances;
    if (this.#directory !== null) return;
    const { workers, publisher } = this.processes;
    await this.processes.guard(
      Promise.all([
        ...workers.map((worker) => worker.request('instances', instances)),
        ...(publisher === null ? [] : [publisher.request('instances', instances)]),
      ]),
    );
  }

  tell(phase: string, elapsedMs: number, totalMs: number | null, figures: readonly ProgressFigure[]): void {
    this.#options.progress({ kind: 'phase', phase, elapsedMs, totalMs, figures });
  }

  note(text: string): void {
    this.#options.progress({ kind: 'note', text });
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
        : { ...options, given, authority: plan.security === 'plain' ? null : this.#authority },
    );
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  async stop(): Promise<void> {
    this.watch.stop();
    await this.processes.stop();
    if (this.#authority !== this.#options.authority) await this.#authority?.stop();
    await this.#cleanGivenBus();
    await this.#directory?.clean().catch((error: unknown) => this.note(messageOf(error)));
  }

  /** A bus of somebody else's keeps nothing of this run; where it is gone, there is nothing to be done about it. */
  async #cleanGivenBus(): Promise<void> {
    const { subject } = this.plan;
    if (subject.kind !== 'reference' || subject.givenBus === null || this.#busUrl === null) return;
    const { removeBusKeys } = await import('../broker/removeBusKeys.ts');
    await removeBusKeys(this.#busUrl).catch((error: unknown) => this.note(messageOf(error)));
  }
}

async function countsOf(node: ServerClient): Promise<NodeCounts> {
  return { pid: node.pid, stats: await node.request('stats', null) };
}

/** Where a started node is reached. */
interface NodePlaces {
  readonly instance: Instance;
  readonly ingest: Endpoint | null;
}

/** Loaded on demand: only a run that is protected needs an authority. */
async function authorityFor({ subject, security }: RunPlan): Promise<Authority | null> {
  if (subject.kind !== 'reference' || security === 'plain') return null;
  const { createAuthority } = await import('../security/authority.ts');
  return createAuthority(security);
}
