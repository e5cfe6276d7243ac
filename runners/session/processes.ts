import type { RunPlan } from '../plan.ts';
import {
  type BrokerClient,
  type DirectoryClient,
  type LinkClient,
  type PublisherClient,
  type ServerClient,
  startBroker,
  startDirectory,
  startLink,
  startPublisher,
  startServerNode,
  startWorker,
  type WorkerClient,
} from '../roleClient.ts';
import { readProcess } from '../samplers/process.ts';
import { whenInterrupted } from './interrupted.ts';
import type { RolePids } from './snapshot.ts';

/** A server of the user's own ended. */
export class TargetGone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TargetGone';
  }
}

/** A server of the user's own that was started for the run. */
export interface StartedServer {
  /** All its processes that live now: it may start others at any time. */
  pids(): readonly number[];
  /** Rejects with `TargetGone` when it ends; never resolves. */
  readonly ended: Promise<never>;
}

export interface ProcessesOptions {
  readonly publishes: boolean;
  readonly signal: AbortSignal;
  /** Where the run started a server of the user's own. */
  readonly started?: StartedServer | undefined;
}

/** All processes of one run: started together, watched together, stopped together. */
export class Processes {
  readonly workers: readonly WorkerClient[];
  readonly publisher: PublisherClient | null;
  /** Keeps the bus between the nodes; null: they have none, or the user gave one. */
  readonly broker: BrokerClient | null;
  /** Keeps an etcd of the run's own; null: it needs none, or the user gave one. */
  readonly directory: DirectoryClient | null;
  /** The relay that emulates a network between clients and servers; empty: there is none. */
  readonly links: readonly LinkClient[];
  /** The publisher runs before others: it must keep its schedule on cores that the server fills, and uses little of them. */
  readonly isPublisherPreferred: boolean;
  /** So does the relay: a network does not wait for a core. */
  readonly isLinkPreferred: boolean;
  readonly #targetPids: readonly number[];
  readonly #started: StartedServer | null;
  readonly #ended: Promise<never>;
  readonly #failed: (error: unknown) => void;
  readonly #everyServer: ServerClient[];
  #servers: readonly ServerClient[];
  /** Nodes that are starting or draining: nothing is asked of them but that. */
  readonly #passing = new Set<ServerClient>();
  #brokerPid: number | null = null;
  #directoryPid: number | null = null;

  constructor(plan: RunPlan, options: ProcessesOptions) {
    const { subject } = plan;
    this.#servers =
      subject.kind === 'reference' ? subject.nodes.map((_, index) => startServerNode(index)) : [];
    this.#everyServer = [...this.#servers];
    this.#targetPids = subject.kind === 'target' ? subject.target.pids : [];
    this.workers = plan.workers.map(({ role }, index) => startWorker(role, index));
    this.publisher = options.publishes ? startPublisher() : null;
    const needsBroker =
      subject.kind === 'reference' &&
      subject.nodes.length > 0 &&
      subject.capabilities.bus !== null &&
      subject.givenBus === null;
    this.broker = needsBroker ? startBroker() : null;
    this.directory = needsDirectory(plan) ? startDirectory() : null;
    this.links = Array.from({ length: linkProcesses(plan) }, (_, index) => startLink(index));
    this.isLinkPreferred = this.links.map((link) => link.prefer()).every(Boolean);
    this.isPublisherPreferred = this.publisher?.prefer() ?? false;
    const { promise, reject } = Promise.withResolvers<never>();
    this.#ended = promise;
    this.#failed = reject;
    this.#ended.catch(() => {});
    whenInterrupted(options.signal).catch(reject);
    this.#started = options.started ?? null;
    this.#started?.ended.catch(reject);
    for (const { crashed } of this.all()) crashed.catch(reject);
  }

  /** The nodes that serve now. */
  get servers(): readonly ServerClient[] {
    return this.#servers;
  }

  /** Those too that have ended. */
  get everyServer(): readonly ServerClient[] {
    return this.#everyServer;
  }

  /** Starts the process of another node; it counts among the servers once it is enlisted. */
  launchServer(index: number): ServerClient {
    const server = startServerNode(index);
    this.#passing.add(server);
    this.#everyServer.push(server);
    server.crashed.catch(this.#failed);
    return server;
  }

  enlist(server: ServerClient): void {
    this.#passing.delete(server);
    this.#servers = [...this.#servers, server];
  }

  /** The node is about to go. */
  retire(server: ServerClient): void {
    this.#passing.add(server);
    this.#servers = this.#servers.filter((each) => each !== server);
  }

  all(): readonly (
    | ServerClient
    | WorkerClient
    | PublisherClient
    | BrokerClient
    | DirectoryClient
    | LinkClient
  )[] {
    return [
      ...this.#servers,
      ...this.#passing,
      ...this.workers,
      ...one(this.publisher),
      ...one(this.broker),
      ...one(this.directory),
      ...this.links,
    ];
  }

  /** The process that does the broker's work, where it is not the role's own. */
  noteBroker(pid: number): void {
    if (pid !== this.broker?.pid) this.#brokerPid = pid;
  }

  /** The same of the directory. */
  noteDirectory(pid: number): void {
    this.#directoryPid = pid;
  }

  /** Waits for `work`, but not beyond the end of any role or of the user's patience. */
  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  pids(): RolePids {
    return {
      server:
        this.servers.length > 0
          ? [...this.servers, ...this.#passing].filter(({ alive }) => alive).map(({ pid }) => pid)
          : (this.#started?.pids() ?? this.#targetPids),
      worker: this.workers.filter(({ role }) => role === 'worker').map(({ pid }) => pid),
      probe: this.workers.filter(({ role }) => role === 'probe').map(({ pid }) => pid),
      publisher: this.publisher === null ? [] : [this.publisher.pid],
      broker: this.broker === null ? [] : [this.#brokerPid ?? this.broker.pid],
      directory: this.directory === null ? [] : [this.#directoryPid ?? this.directory.pid],
      link: this.links.map(({ pid }) => pid),
      coordinator: [process.pid],
    };
  }

  /** @throws TargetGone where a process that the user named no longer runs. */
  checkTarget(): void {
    for (const pid of this.#targetPids) {
      if (readProcess(pid) === null) throw new TargetGone(`process ${pid} of the server is gone`);
    }
  }

  /** Ends every process that was started; none is left when it returns. */
  async stop(): Promise<void> {
    // The load goes first, so that servers do not spend their last second on a million resets.
    await Promise.all(
      [...this.workers, ...(this.publisher === null ? [] : [this.publisher])].map((role) => role.stop()),
    );
    await Promise.all(this.links.map((role) => role.stop()));
    await Promise.all([...this.servers, ...this.#passing].map((role) => role.stop()));
    await Promise.all([...one(this.broker), ...one(this.directory)].map((role) => role.stop()));
  }
}

function needsDirectory({ subject, discovery }: RunPlan): boolean {
  const startsNodes = subject.kind === 'reference' && subject.nodes.length > 0;
  return startsNodes && discovery.kind === 'etcd' && discovery.etcdUrl === null;
}

/** Nobody but the clients goes through it. */
function linkProcesses({ link, workers }: RunPlan): number {
  return workers.length === 0 ? 0 : (link?.processes ?? 0);
}

function one<T>(role: T | null): T[] {
  return role === null ? [] : [role];
}
