import type { RunPlan } from '../plan.ts';
import {
  type BrokerClient,
  type PublisherClient,
  type ServerClient,
  startBroker,
  startPublisher,
  startServerNode,
  startWorker,
  type WorkerClient,
} from '../roleClient.ts';
import { readProcess } from '../samplers/process.ts';
import { whenInterrupted } from './interrupted.ts';
import type { RolePids } from './snapshot.ts';

/** A process that the user named ended. */
export class TargetGone extends Error {
  constructor(pid: number) {
    super(`process ${pid} of the server is gone`);
    this.name = 'TargetGone';
  }
}

/** All processes of one run: started together, watched together, stopped together. */
export class Processes {
  readonly servers: readonly ServerClient[];
  readonly workers: readonly WorkerClient[];
  readonly publisher: PublisherClient | null;
  /** Keeps the bus between the nodes; null: they have none, or the user gave one. */
  readonly broker: BrokerClient | null;
  /** The publisher runs before others: it must keep its schedule on cores that the server fills, and uses little of them. */
  readonly isPublisherPreferred: boolean;
  readonly #targetPids: readonly number[];
  readonly #ended: Promise<never>;
  #brokerPid: number | null = null;

  constructor(plan: RunPlan, options: { readonly publishes: boolean; readonly signal: AbortSignal }) {
    const { subject } = plan;
    this.servers =
      subject.kind === 'reference' ? subject.nodes.map((_, index) => startServerNode(index)) : [];
    this.#targetPids = subject.kind === 'target' ? subject.target.pids : [];
    this.workers = plan.workers.map(({ role }, index) => startWorker(role, index));
    this.publisher = options.publishes ? startPublisher() : null;
    const needsBroker =
      subject.kind === 'reference' &&
      subject.nodes.length > 0 &&
      subject.capabilities.bus !== null &&
      subject.givenBus === null;
    this.broker = needsBroker ? startBroker() : null;
    this.isPublisherPreferred = this.publisher?.prefer() ?? false;
    this.#ended = Promise.race([
      whenInterrupted(options.signal),
      ...this.all().map(({ crashed }) => crashed),
    ]);
    this.#ended.catch(() => {});
  }

  all(): readonly (ServerClient | WorkerClient | PublisherClient | BrokerClient)[] {
    return [...this.servers, ...this.workers, ...one(this.publisher), ...one(this.broker)];
  }

  /** The process that does the broker's work, where it is not the role's own. */
  noteBroker(pid: number): void {
    if (pid !== this.broker?.pid) this.#brokerPid = pid;
  }

  /** Waits for `work`, but not beyond the end of any role or of the user's patience. */
  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  pids(): RolePids {
    return {
      server:
        this.servers.length > 0
          ? this.servers.filter(({ alive }) => alive).map(({ pid }) => pid)
          : this.#targetPids,
      worker: this.workers.filter(({ role }) => role === 'worker').map(({ pid }) => pid),
      probe: this.workers.filter(({ role }) => role === 'probe').map(({ pid }) => pid),
      publisher: this.publisher === null ? [] : [this.publisher.pid],
      broker: this.broker === null ? [] : [this.#brokerPid ?? this.broker.pid],
      coordinator: [process.pid],
    };
  }

  /** @throws TargetGone where a process that the user named no longer runs. */
  checkTarget(): void {
    for (const pid of this.#targetPids) {
      if (readProcess(pid) === null) throw new TargetGone(pid);
    }
  }

  /** Ends every process that was started; none is left when it returns. */
  async stop(): Promise<void> {
    // The load goes first, so that servers do not spend their last second on a million resets.
    await Promise.all(
      [...this.workers, ...(this.publisher === null ? [] : [this.publisher])].map((role) => role.stop()),
    );
    await Promise.all([...this.servers, ...one(this.broker)].map((role) => role.stop()));
  }
}

function one<T>(role: T | null): T[] {
  return role === null ? [] : [role];
}
