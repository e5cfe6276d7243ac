import type { DriverCounters, DriverOptions, LoadDriver } from '../../contract/loadDriver.ts';
import { type ProbeFetchH2, probeFetchH2 } from './h2/probeFetchH2.ts';
import { slotMisuse } from './slotMisuse.ts';
import { EventSourceDriver } from './sseEventSource.ts';

/** The slots that share a connection. */
interface Group {
  readonly client: ProbeFetchH2;
  readonly driver: EventSourceDriver;
}

/**
 * SSE over HTTP/2 by the packages `eventsource` and `undici`, as their users in Node have them: the same event source as over
 * HTTP/1.1, asking over a connection of its group's own.
 */
export class EventSourceH2Driver implements LoadDriver {
  readonly kind = 'ecosystem';
  readonly #options: DriverOptions;
  readonly #groups = new Map<number, Group>();
  #stopped = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped) throw slotMisuse(slot, true);
    this.#groupOf(slot).driver.open(slot);
  }

  close(slot: number): void {
    this.#groupOf(slot).driver.close(slot);
  }

  counters(): DriverCounters {
    let protocolErrors = 0;
    let heartbeats = 0;
    for (const { driver } of this.#groups.values()) {
      const counters = driver.counters();
      protocolErrors += counters.protocolErrors;
      heartbeats += counters.heartbeats;
    }
    return { bytesRead: null, bytesWritten: null, protocolErrors, heartbeats };
  }

  connections(): number {
    let connections = 0;
    for (const { client } of this.#groups.values()) connections += client.connections;
    return connections;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#groups.values()].map(({ driver }) => driver.stop()));
  }

  #groupOf(slot: number): Group {
    const { streamsPerConnection, security } = this.#options;
    const number = Math.floor(slot / streamsPerConnection);
    const known = this.#groups.get(number);
    if (known !== undefined) return known;
    const client = probeFetchH2(security, streamsPerConnection);
    const group: Group = { client, driver: new EventSourceDriver(this.#options, client) };
    this.#groups.set(number, group);
    return group;
  }
}
