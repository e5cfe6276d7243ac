import type { Instance } from '../../contract/discovery.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import { routesOf } from '../link/planLink.ts';
import type { RunPlan } from '../plan.ts';
import type { ServerClient } from '../roleClient.ts';
import type { Authority } from '../security/authority.ts';
import type { NodeCounts } from './evidence.ts';
import type { Processes } from './processes.ts';
import { type Access, serverOptions } from './roleStarts.ts';
import { RunDirectory } from './runDirectory.ts';

/** A server that was started elsewhere. */
export interface GivenServer {
  readonly endpoints: readonly Endpoint[];
  /** Where it takes posts; null: on every endpoint. */
  readonly ingest: Endpoint | null;
}

/** What the side of the servers is made with. */
export interface ServerSideOptions {
  /** In place of the plan's nodes. */
  readonly given?: GivenServer;
  /** Whom that server trusts, and who vouches for it: of the session that started it. */
  readonly authority?: Authority | null;
}

/** Where what is published and who subscribes goes. */
export interface ServedPlaces {
  readonly ingest: readonly Endpoint[];
  readonly instances: readonly Instance[];
}

/** All that serves in one run: nodes that may come and go, the bus between them, where they are listed, and who vouches for them. */
export class ServerSide {
  readonly #plan: RunPlan;
  readonly #processes: Processes;
  readonly #options: ServerSideOptions;
  #endpoints: readonly Endpoint[] = [];
  #busUrl: string | null = null;
  #broker: string | null = null;
  #authority: Authority | null;
  #directory: RunDirectory | null = null;
  #instances: readonly Instance[] = [];
  #started = 0;
  readonly #retired: NodeCounts[] = [];

  constructor(plan: RunPlan, processes: Processes, options: ServerSideOptions) {
    this.#plan = plan;
    this.#processes = processes;
    this.#options = options;
    this.#authority = options.authority ?? null;
  }

  /** Where clients reach them, in the order in which they were started: over the link, where there is one. */
  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  get authority(): Authority | null {
    return this.#authority;
  }

  async start(): Promise<ServedPlaces> {
    // Not guarded: what it opens while the run is interrupted must be known to `stop`.
    this.#authority ??= await authorityFor(this.#plan);
    await this.#processes.guard(this.#startBus());
    this.#directory = await this.#processes.guard(RunDirectory.start(this.#plan, this.#processes));
    const nodes = await this.#processes.guard(
      Promise.all(this.#processes.servers.map((server) => this.#startNode(server))),
    );
    const places = nodes.length > 0 ? nodes : this.#givenPlaces();
    this.#instances = places.map(({ instance }) => instance);
    this.#endpoints = await this.#overLink(this.#instances.flatMap(({ endpoints }) => endpoints));
    const ingest = places.map((place) => place.ingest ?? place.instance.endpoints[0]);
    return { ingest, instances: this.#instances };
  }

  /** The publisher is a backend beside the servers, and reaches them without it. */
  async #overLink(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const { link, seed } = this.#plan;
    const { links } = this.#processes;
    if (link === null || links.length === 0) return endpoints;
    const routes = routesOf(link, endpoints);
    const starts = links.map((role, i) =>
      role.request('start', { link: link.spec, seed: seed * links.length + i, routes: routes[i] }),
    );
    return (await this.#processes.guard(Promise.all(starts))).flat();
  }

  #givenPlaces(): NodePlaces[] {
    const { subject } = this.#plan;
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
    const { subject, run } = this.#plan;
    if (subject.kind !== 'reference' || subject.capabilities.bus === null) return;
    const kind = subject.capabilities.bus;
    const { broker } = this.#processes;
    if (broker !== null) {
      const started = await broker.request('start', { kind });
      this.#processes.noteBroker(started.pid);
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
    const nodes = this.#processes.servers.filter(({ alive }) => alive);
    const living = await this.#processes.guard(Promise.all(nodes.map(countsOf)));
    return [...this.#retired, ...living];
  }

  /** How the clients of this run prove who they are, and whom they trust. */
  get access(): Access {
    const { subject } = this.#plan;
    const client = subject.kind === 'target' ? subject.target : null;
    return {
      security: client?.security ?? this.#authority?.client ?? null,
      headers: client?.headers ?? this.#authority?.headers ?? {},
      directory: this.#directory?.source ?? null,
    };
  }

  async #startNode(server: ServerClient): Promise<NodePlaces> {
    const { subject } = this.#plan;
    if (subject.kind !== 'reference') throw new Error("a server of the user's own is not started here");
    const number = this.#started++;
    const { listen } = subject.nodes[number % subject.nodes.length];
    const nodeId = `n${number + 1}`;
    const { endpoints, ingest } = await server.request('start', {
      stage: subject.stage,
      variant: subject.variant,
      options: serverOptions(this.#plan, {
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
    const [server] = this.#processes.servers;
    this.#processes.retire(server);
    await this.#tellInstances(others);
    await this.#processes.guard(server.request('drain', { graceMs }));
    this.#retired.push(await this.#processes.guard(countsOf(server)));
    await this.#processes.guard(server.stop());
    return nodeId;
  }

  /** Another instance, in a process of its own; resolves when it is listed. */
  async addInstance(): Promise<void> {
    const server = this.#processes.launchServer(this.#started);
    const { instance } = await this.#processes.guard(this.#startNode(server));
    this.#processes.enlist(server);
    await this.#tellInstances([...this.#instances, instance]);
  }

  /** Those who watch a directory see for themselves. */
  async #tellInstances(instances: readonly Instance[]): Promise<void> {
    this.#instances = instances;
    if (this.#directory !== null) return;
    const { workers, publisher } = this.#processes;
    await this.#processes.guard(
      Promise.all([
        ...workers.map((worker) => worker.request('instances', instances)),
        ...(publisher === null ? [] : [publisher.request('instances', instances)]),
      ]),
    );
  }

  /** After the processes have ended. @param note is told of what could not be cleaned up elsewhere */
  async stop(note: (text: string) => void): Promise<void> {
    if (this.#authority !== this.#options.authority) await this.#authority?.stop();
    await this.#cleanGivenBus().catch((error: unknown) => note(messageOf(error)));
    await this.#directory?.clean().catch((error: unknown) => note(messageOf(error)));
  }

  /** A bus of somebody else's keeps nothing of this run; where it is gone, there is nothing to be done about it. */
  async #cleanGivenBus(): Promise<void> {
    const { subject } = this.#plan;
    if (subject.kind !== 'reference' || subject.givenBus === null || this.#busUrl === null) return;
    const { removeBusKeys } = await import('../broker/removeBusKeys.ts');
    await removeBusKeys(this.#busUrl);
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
