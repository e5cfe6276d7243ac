import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type {
  BrokerRequests,
  CommonRequests,
  DirectoryRequests,
  LinkRequests,
  ServerNodeRequests,
} from '../contract/control.ts';
import type { PublisherRequests } from '../contract/publisherControl.ts';
import type { WorkerRequests } from '../contract/workerControl.ts';
import { type Channel, childChannel } from './channel.ts';

export type RoleName = 'server' | 'publisher' | 'worker' | 'probe' | 'broker' | 'directory' | 'link';

type Requests = { [type: string]: { request: unknown; answer: unknown } };

/** A role ended without being told to. */
export class RoleCrashed extends Error {
  readonly role: RoleName;
  readonly index: number;

  constructor(role: RoleName, index: number, reason: string) {
    super(`${role} ${index} ended during the run: ${reason}`);
    this.name = 'RoleCrashed';
    this.role = role;
    this.index = index;
  }
}

interface Pending {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Default V8 flags plus --expose-gc: numbers under other flags would not be the reader's numbers. */
export const ROLE_FLAGS: readonly string[] = ['--expose-gc'];

/**
 * A load worker keeps hardly an object: a small young generation takes 1 KiB per connection in place of 2.5, at the same
 * CPU per delivery (measured at 10,000 connections). Servers keep V8's defaults: they are what is measured.
 */
export const WORKER_FLAGS: readonly string[] = [...ROLE_FLAGS, '--max-semi-space-size=4'];

/** Nice value of a role that keeps a schedule. */
export const PREFERRED_NICE = -10;

/** Time for a role to end by itself before it is killed, milliseconds. */
const STOP_GRACE_MS = 2_000;

/** A checkout runs TypeScript as it is, an installed package its compiled form. */
export const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The coordinator's handle of one role process. */
export class RoleClient<R extends Requests & CommonRequests> {
  readonly role: RoleName;
  readonly index: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #channel: Channel;
  readonly #pending = new Map<number, Pending>();
  readonly #crashed: Promise<never>;
  #stderr = '';
  #nextId = 1;
  #stopping = false;
  #killed = false;
  #isFrozen = false;
  #ended: string | null = null;

  constructor(role: RoleName, index: number, script: string, flags = ROLE_FLAGS) {
    this.role = role;
    this.index = index;
    this.#child = fork(fileURLToPath(new URL(`./roles/${script}${EXTENSION}`, import.meta.url)), [], {
      execArgv: [...flags],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    });
    this.pid = this.#child.pid ?? 0;
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4_000);
    });
    this.#channel = childChannel(this.#child);
    this.#channel.onFrame((frame) => {
      if (frame.kind !== 'answer') return;
      const pending = this.#pending.get(frame.id);
      this.#pending.delete(frame.id);
      if (frame.ok) pending?.resolve(frame.body);
      else pending?.reject(new Error(`${this.role} ${this.index}: ${frame.error}`));
    });
    this.#crashed = this.#watch();
    // Whoever races against it sees the rejection; without a race it must not take the coordinator down.
    this.#crashed.catch(() => {});
  }

  /**
   * Asks the kernel to run this role before others.
   * @returns whether it was allowed; without the privilege the role runs like any other.
   */
  prefer(): boolean {
    try {
      setPriority(this.pid, PREFERRED_NICE);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') return false;
      throw error;
    }
  }

  /** Rejects with `RoleCrashed` when the role ends unasked; never resolves. */
  get crashed(): Promise<never> {
    return this.#crashed;
  }

  get alive(): boolean {
    return this.#ended === null;
  }

  #watch(): Promise<never> {
    return new Promise((_, reject) => {
      this.#channel.onClose((reason) => {
        this.#ended = reason;
        const trace = this.#stderr.trim();
        const crash = new RoleCrashed(this.role, this.index, trace === '' ? reason : `${reason}\n${trace}`);
        for (const pending of this.#pending.values()) pending.reject(crash);
        this.#pending.clear();
        if (!this.#stopping && !this.#killed) reject(crash);
      });
    });
  }

  request<T extends keyof R & string>(type: T, body: R[T]['request']): Promise<R[T]['answer']> {
    if (this.#ended !== null) return Promise.reject(new RoleCrashed(this.role, this.index, this.#ended));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: (answer) => resolve(answer as R[T]['answer']), reject });
      this.#channel.send({ kind: 'request', id, type, body });
    });
  }

  /** Stops the process where it stands (SIGSTOP) until it is thawed: when it is told to end, at the latest. */
  freeze(): void {
    this.#isFrozen = true;
    this.#child.kill('SIGSTOP');
  }

  /** Lets a frozen process go on; does nothing to one that runs. */
  thaw(): void {
    if (this.#isFrozen) this.#child.kill('SIGCONT');
    this.#isFrozen = false;
  }

  /** Kills the process outright, as a failing machine would; that it ends then is no crash. */
  kill(): void {
    this.#killed = true;
    this.#child.kill('SIGKILL');
  }

  /** Asks the role to end, kills it where it does not; returns when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#ended !== null) return;
    this.thaw();
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_GRACE_MS);
    this.request('stop', null).catch(() => this.#child.kill('SIGKILL'));
    await gone;
    clearTimeout(killer);
  }
}

export type ServerClient = RoleClient<ServerNodeRequests>;
export type PublisherClient = RoleClient<PublisherRequests>;
export type WorkerClient = RoleClient<WorkerRequests>;
export type BrokerClient = RoleClient<BrokerRequests>;
export type DirectoryClient = RoleClient<DirectoryRequests>;
export type LinkClient = RoleClient<LinkRequests>;

export function startServerNode(index: number): ServerClient {
  return new RoleClient('server', index, 'serverNode');
}

export function startPublisher(): PublisherClient {
  return new RoleClient('publisher', 0, 'publisher');
}

export function startBroker(): BrokerClient {
  return new RoleClient('broker', 0, 'broker');
}

export function startDirectory(): DirectoryClient {
  return new RoleClient('directory', 0, 'directory');
}

export function startLink(index: number): LinkClient {
  return new RoleClient('link', index, 'link', WORKER_FLAGS);
}

export function startWorker(role: 'worker' | 'probe', index: number): WorkerClient {
  return new RoleClient(role, index, 'loadWorker', WORKER_FLAGS);
}
