import { fetch as undiciFetch } from 'undici';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import type {
  ConnectTarget,
  DriverCounters,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../contract/loadDriver.ts';
import { UndiciH2 } from './h2/undiciH2.ts';
import { authorityOf } from './requestHead.ts';
import { slotMisuse } from './slotMisuse.ts';
import { answerError, postHeaders } from './sse/postHeaders.ts';
import { EventSourceDriver } from './sseEventSource.ts';

/** The slots that share a connection. */
interface Group {
  readonly streams: UndiciH2;
  /** undici keeps a POST waiting while anything else runs on its connection: posts have one of their own. */
  readonly posts: UndiciH2;
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
  readonly #live: Uint8Array;
  /** Slots that say nothing any more. */
  readonly #silent = new Set<number>();
  #stopped = false;

  constructor(options: DriverOptions) {
    this.#live = new Uint8Array(options.slots);
    this.#options = { ...options, events: this.#watched(options.events) };
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped) throw slotMisuse(slot, true);
    this.#groupOf(slot).driver.open(slot);
  }

  close(slot: number): void {
    // `closed` follows in a later turn, and nothing is said until then.
    this.#live[slot] = 0;
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
    return this.#sum(({ streams }) => streams.connections);
  }

  uplinks(): number {
    return this.#sum(({ posts }) => posts.connections);
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    if (!this.#speaks(slot)) return false;
    this.#post(slot, this.#options.target(slot), saying, bytes).then(
      (status) => settled(answerError(status)),
      (error: unknown) => settled(error instanceof Error ? error : new Error(String(error))),
    );
    return true;
  }

  endUplink(slot: number): boolean {
    if (!this.#speaks(slot)) return false;
    this.#silent.add(slot);
    return true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const groups = [...this.#groups.values()];
    await Promise.all(groups.flatMap(({ driver, posts }) => [driver.stop(), posts.stop()]));
  }

  #watched(events: DriverOptions['events']): DriverOptions['events'] {
    return {
      ...events,
      opened: (slot, atUs) => {
        this.#live[slot] = 1;
        events.opened(slot, atUs);
      },
      closed: (slot, detail) => {
        this.#live[slot] = 0;
        events.closed(slot, detail);
      },
    };
  }

  #sum(countOf: (group: Group) => number): number {
    let sum = 0;
    for (const group of this.#groups.values()) sum += countOf(group);
    return sum;
  }

  #speaks(slot: number): boolean {
    return this.#live[slot] === 1 && !this.#silent.has(slot);
  }

  /** @returns the status of the answer */
  async #post(slot: number, target: ConnectTarget, saying: Saying, bytes: Uint8Array): Promise<number> {
    const url = new URL(`${this.#scheme}://${authorityOf(target)}${PUBLISH_PATH}`);
    const headers = { ...postHeaders(target, saying), ...target.headers };
    const request = { path: url.pathname, method: 'POST', headers, body: Buffer.from(bytes) } as const;
    const answer = await this.#groupOf(slot).posts.clientFor(url).request(request);
    await answer.body.dump();
    return answer.statusCode;
  }

  get #scheme(): 'http' | 'https' {
    return this.#options.security === null ? 'http' : 'https';
  }

  #groupOf(slot: number): Group {
    const { streamsPerConnection, security } = this.#options;
    const number = Math.floor(slot / streamsPerConnection);
    const known = this.#groups.get(number);
    if (known !== undefined) return known;
    const streams = new UndiciH2(security, streamsPerConnection);
    const driver = new EventSourceDriver(this.#options, {
      scheme: this.#scheme,
      fetch: (url, init) => undiciFetch(url, { ...init, dispatcher: streams.clientFor(new URL(url)) }),
      stop: () => streams.stop(),
    });
    const group: Group = { streams, posts: new UndiciH2(security, 1), driver };
    this.#groups.set(number, group);
    return group;
  }
}
