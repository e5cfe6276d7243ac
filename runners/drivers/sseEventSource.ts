import { EventSource, type FetchLike } from 'eventsource';
import { nowUs } from '../../contract/clock.ts';
import type {
  CloseDetail,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../contract/loadDriver.ts';
import { type Attempt, Attempts } from './attempts.ts';
import { CLOSED_BY_CLIENT, contentTypeDetail, statusDetail } from './closeReason.ts';
import { fetchErrorDetail, streamErrorDetail } from './fetchFailure.ts';
import { isEventStream } from './httpHead.ts';
import { type ProbeFetch, probeFetch } from './probeFetch.ts';
import { authorityOf } from './requestHead.ts';
import { UndiciUplinks } from './undiciUplinks.ts';

/** Characters of a message's data handed to the fleet: the envelope stands in the first ones. */
const DATA_CHARACTERS = 256;

/** An EventSource that tells events of every name: a user's own server may name them as it likes. */
class NamedEventSource extends EventSource {
  readonly #tell: (event: Event, atUs: number) => void;

  constructor(url: string, fetchLike: FetchLike, tell: (event: Event, atUs: number) => void) {
    super(url, { fetch: fetchLike });
    this.#tell = tell;
  }

  override dispatchEvent(event: Event): boolean {
    const atUs = nowUs();
    this.#tell(event, atUs);
    return super.dispatchEvent(event);
  }
}

interface SseAttempt extends Attempt {
  readonly abort: AbortController;
  source: EventSource | null;
  /** Why it cannot go on, as the answer or the failed request said it: EventSource hides these. */
  failure: CloseDetail | null;
  ended: boolean;
}

/**
 * SSE by the `eventsource` package, as its users have it: over fetch, with the package's own parser and event objects.
 * Only its reconnecting is cut short, because the fleet keeps one set of rules for all drivers. The package hides bytes,
 * comments and the `retry` field.
 */
export class EventSourceDriver implements LoadDriver {
  readonly kind = 'ecosystem';
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #attempts: Attempts<SseAttempt>;
  readonly #lastIds = new Map<number, string>();
  readonly #uplinks: UndiciUplinks;
  /** Slots that have ended their half. */
  readonly #silent = new Set<number>();
  readonly #client: ProbeFetch;

  /** @param client who asks; over HTTP/1.1 where nothing else is said */
  constructor(options: DriverOptions, client: ProbeFetch = probeFetch(options.security)) {
    this.#options = options;
    this.#events = options.events;
    this.#attempts = new Attempts(options);
    this.#client = client;
    this.#uplinks = new UndiciUplinks(options.security);
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    const target = this.#attempts.admit(slot);
    const attempt: SseAttempt = {
      slot,
      abort: new AbortController(),
      source: null,
      timer: this.#attempts.deadline((detail) => this.#end(attempt, detail)),
      failure: null,
      ended: false,
    };
    this.#attempts.add(attempt);
    const url = `${this.#client.scheme}://${authorityOf(target)}${target.path}`;
    const tell = (event: Event, atUs: number): void => this.#event(attempt, event, atUs);
    attempt.source = new NamedEventSource(url, this.#fetch(attempt, target.headers), tell);
  }

  close(slot: number): void {
    const attempt = this.#attempts.get(slot);
    if (attempt !== undefined) this.#end(attempt, CLOSED_BY_CLIENT);
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    const attempt = this.#attempts.get(slot);
    if (attempt === undefined || attempt.ended || attempt.timer !== null || this.#silent.has(slot))
      return false;
    this.#uplinks.say(slot, this.#options.target(slot), saying, bytes, settled);
    return true;
  }

  endUplink(slot: number): boolean {
    const attempt = this.#attempts.get(slot);
    if (attempt === undefined || attempt.ended || attempt.timer !== null) return false;
    this.#silent.add(slot);
    // What is left to be answered is the tally's business; the driver's `stop` ends the rest.
    this.#uplinks.end(slot).catch(() => {});
    return true;
  }

  uplinks(): number {
    return this.#uplinks.size;
  }

  counters(): DriverCounters {
    return this.#attempts.counters();
  }

  async stop(): Promise<void> {
    await this.#attempts.stop((slot) => this.close(slot));
    await Promise.all([this.#client.stop(), this.#uplinks.stop()]);
  }

  /** fetch with the slot's headers, no redirects, and an eye on what comes back. */
  #fetch(attempt: SseAttempt, headers: Readonly<Record<string, string>>): FetchLike {
    const lastId = this.#lastIds.get(attempt.slot);
    const resume: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
    return async (url, init) => {
      try {
        const response = await this.#client.fetch(url, {
          redirect: 'manual',
          cache: 'no-store',
          signal: attempt.abort.signal,
          headers: { ...init.headers, ...resume, ...headers },
        });
        attempt.failure = answerFailure(response);
        return response;
      } catch (error) {
        attempt.failure = fetchErrorDetail(error);
        throw error;
      }
    };
  }

  #event(attempt: SseAttempt, event: Event, atUs: number): void {
    if (attempt.ended) return;
    if (event instanceof MessageEvent) this.#message(attempt.slot, event, atUs);
    else if (event.type === 'open') this.#opened(attempt, atUs);
    else if (event.type === 'error') {
      this.#end(
        attempt,
        attempt.failure ?? streamErrorDetail('message' in event ? event.message : undefined),
      );
    }
  }

  #opened(attempt: SseAttempt, atUs: number): void {
    this.#attempts.disarm(attempt);
    this.#events.opened(attempt.slot, atUs);
  }

  #message(slot: number, event: MessageEvent, atUs: number): void {
    if (event.lastEventId !== '') this.#lastIds.set(slot, event.lastEventId);
    if (event.type === 'heartbeat') this.#attempts.heartbeats++;
    else if (event.type === 'gap') this.#events.gap(slot);
    else {
      const data: string = event.data;
      const bytes = Buffer.from(data.slice(0, DATA_CHARACTERS), 'latin1');
      this.#events.message(slot, bytes, 0, bytes.length, atUs);
    }
  }

  #end(attempt: SseAttempt, detail: CloseDetail): void {
    if (attempt.ended) return;
    attempt.ended = true;
    this.#attempts.disarm(attempt);
    attempt.source?.close();
    // close() aborts nothing once EventSource has given up, and the refused answer's socket would stay open.
    attempt.abort.abort();
    setImmediate(() => this.#attempts.closed(attempt, detail));
  }
}

type Answer = Awaited<ReturnType<ProbeFetch['fetch']>>;

/** What the answer's head says against it; null: it is a stream. */
function answerFailure(response: Answer): CloseDetail | null {
  if (response.status !== 200) return statusDetail(response.status, response.headers.get('location'));
  const contentType = response.headers.get('content-type');
  return isEventStream(contentType) ? null : contentTypeDetail(contentType);
}
