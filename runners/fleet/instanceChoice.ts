import { type Clock, nowUs } from '../../contract/clock.ts';
import type { BalancePolicy, Instance } from '../../contract/discovery.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { Directory } from '../discovery/directory.ts';
import { turnsOf } from './instanceTurns.ts';

/** How long an instance that said it goes, or takes no connections, is left alone: its entry may go later than it does. */
const AVOID_US = 1_000_000;

/** Where a group of slots is. */
interface Place {
  readonly instance: string;
  readonly endpoint: Endpoint;
}

export interface ChoiceRules {
  readonly balance: BalancePolicy;
  readonly slots: number;
  /** Slots `[k n, (k + 1) n)` share a connection, so they are at the same instance. */
  readonly streamsPerConnection: number;
  /** First turn of this process. */
  readonly from: number;
}

/**
 * Which instance each slot goes to: chosen by policy when it first connects, and again only when its instance goes away. An
 * empty list does not replace one: what was listed last is the best guess.
 */
export class InstanceChoice {
  readonly #rules: ChoiceRules;
  readonly #clock: Clock;
  readonly #directory: Directory;
  readonly #unfollow: () => void;
  readonly #groups: (Place | null)[];
  readonly #slots: (Place | null)[];
  readonly #avoidedUntilUs = new Map<string, number>();
  readonly #endpointsTaken = new Map<string, number>();
  #listed: ReadonlyMap<string, Instance> = new Map();
  #next: () => Instance = () => {
    throw new Error('no instance is listed yet');
  };
  #turns: number;

  /** @param directory closed with this; lists an instance already */
  constructor(directory: Directory, rules: ChoiceRules, clock: Clock = nowUs) {
    this.#rules = rules;
    this.#clock = clock;
    this.#directory = directory;
    this.#turns = rules.from;
    this.#groups = new Array<Place | null>(Math.ceil(rules.slots / rules.streamsPerConnection)).fill(null);
    this.#slots = new Array<Place | null>(rules.slots).fill(null);
    this.#set(directory.instances);
    this.#unfollow = directory.follow((instances) => this.#set(instances));
  }

  #set(instances: readonly Instance[]): void {
    if (instances.length === 0) return;
    this.#listed = new Map(instances.map((instance) => [keyOf(instance), instance]));
    this.#next = turnsOf(this.#rules.balance, instances, this.#turns);
  }

  /** Asked at each attempt to connect. */
  endpointOf(slot: number): Endpoint {
    const group = Math.floor(slot / this.#rules.streamsPerConnection);
    const known = this.#groups[group];
    const place = known !== null && this.#isGood(known.instance) ? known : this.#choose();
    this.#groups[group] = place;
    this.#slots[slot] = place;
    return place.endpoint;
  }

  /** The slot's instance goes away, or takes no connections. @returns whether there is another one to go to */
  leave(slot: number): boolean {
    const place = this.#slots[slot];
    if (place !== null) this.#avoidedUntilUs.set(place.instance, this.#clock() + AVOID_US);
    return [...this.#listed.keys()].some((key) => !this.#isAvoided(key));
  }

  close(): void {
    this.#unfollow();
    this.#directory.close();
  }

  #isGood(key: string): boolean {
    return this.#listed.has(key) && !this.#isAvoided(key);
  }

  #isAvoided(key: string): boolean {
    return (this.#avoidedUntilUs.get(key) ?? 0) > this.#clock();
  }

  #choose(): Place {
    const instance = this.#chooseInstance();
    const key = keyOf(instance);
    const taken = this.#endpointsTaken.get(key) ?? 0;
    this.#endpointsTaken.set(key, taken + 1);
    return { instance: key, endpoint: instance.endpoints[taken % instance.endpoints.length] };
  }

  /** The next one by policy that is not avoided; where the turns do not come to one, the first such; else any. */
  #chooseInstance(): Instance {
    for (let tries = 0; tries < this.#listed.size; tries++) {
      const instance = this.#next();
      this.#turns++;
      if (!this.#isAvoided(keyOf(instance))) return instance;
    }
    const others = [...this.#listed].filter(([key]) => !this.#isAvoided(key));
    return others[0]?.[1] ?? this.#next();
  }
}

/** An instance that comes back elsewhere under its name is another one. */
function keyOf({ nodeId, endpoints: [{ host, port }] }: Instance): string {
  return `${nodeId} ${host}:${port}`;
}
