import type { Instance } from '../../contract/discovery.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { WorkerStart } from '../../contract/workerControl.ts';
import { firstInstances, StaticDirectory } from '../discovery/directory.ts';
import { InstanceChoice } from './instanceChoice.ts';

/** Until a directory lists an instance, milliseconds: those of a run have registered by then. */
const LISTED_MS = 10_000;

/**
 * Where each slot connects: to the endpoint that the plan gave it, or, where instances come and go, to one that is chosen
 * among those listed.
 */
export class SlotPlaces {
  readonly #start: WorkerStart;
  readonly #planned: (slot: number) => number;
  readonly #random: () => number;
  /** By how many endpoints each slot has moved on from its own, after a node that no longer answers. */
  readonly #moved: Uint16Array;
  #told: StaticDirectory | null = null;
  #choice: InstanceChoice | null;

  /**
   * @param planned index of each slot's endpoint
   * @throws Error where a directory lists nobody
   */
  static async create(
    start: WorkerStart,
    planned: (slot: number) => number,
    random: () => number,
  ): Promise<SlotPlaces> {
    return new SlotPlaces(start, planned, random, await choiceFrom(start));
  }

  private constructor(
    start: WorkerStart,
    planned: (slot: number) => number,
    random: () => number,
    choice: InstanceChoice | null,
  ) {
    this.#start = start;
    this.#planned = planned;
    this.#random = random;
    this.#choice = choice;
    this.#moved = new Uint16Array(start.slots);
  }

  /** Asked at each attempt to connect. */
  endpointOf(slot: number): Endpoint {
    if (this.#choice !== null) return this.#choice.endpointOf(slot);
    const { endpoints } = this.#start;
    return endpoints[(this.#planned(slot) + this.#moved[slot]) % endpoints.length];
  }

  /**
   * The node of this slot does not answer, or says that it goes away: the next attempt goes to another one.
   * @returns whether an instance is known to be there for it
   */
  leave(slot: number): boolean {
    if (this.#choice !== null) return this.#choice.leave(slot);
    this.#moveOn(slot);
    return false;
  }

  /** A lost connection first comes back to its own node; where that does not answer, it tries another one. */
  #moveOn(slot: number): void {
    const { nodes, endpoints } = this.#start;
    if (nodes < 2) return;
    const step = endpoints.length / nodes;
    const moved = this.#moved[slot] + step * (1 + Math.floor(this.#random() * (nodes - 1)));
    this.#moved[slot] = moved % endpoints.length;
  }

  /** The list has changed: what is lost from now on comes back to one of these. */
  instances(instances: readonly Instance[]): void {
    if (this.#told !== null) this.#told.set(instances);
    else {
      this.#told = new StaticDirectory(instances);
      this.#choice = new InstanceChoice(this.#told, rulesOf(this.#start));
    }
  }

  close(): void {
    this.#choice?.close();
  }
}

/** null: the plan's own endpoints are what `round_robin` over a list that does not change would give. */
async function choiceFrom(start: WorkerStart): Promise<InstanceChoice | null> {
  const { directory: source, balance } = start;
  if (source !== null) {
    // Loaded on demand: only a run with a directory carries its client.
    const { EtcdDirectory } = await import('../discovery/etcdDirectory.ts');
    const directory = new EtcdDirectory(source);
    try {
      await firstInstances(directory, LISTED_MS);
    } catch (error) {
      directory.close();
      throw error;
    }
    return new InstanceChoice(directory, rulesOf(start));
  }
  if (balance === 'round_robin') return null;
  return new InstanceChoice(new StaticDirectory(instancesOf(start)), rulesOf(start));
}

function rulesOf({ balance, slots, streamsPerConnection, firstSlot }: WorkerStart) {
  return { balance, slots, streamsPerConnection, from: Math.floor(firstSlot / streamsPerConnection) };
}

function instancesOf({ endpoints, nodes }: WorkerStart): Instance[] {
  const each = endpoints.length / nodes;
  return Array.from({ length: nodes }, (_, node) => ({
    nodeId: `n${node + 1}`,
    endpoints: endpoints.slice(node * each, (node + 1) * each),
    weight: 1,
  }));
}
