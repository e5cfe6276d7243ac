import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Identity } from '../../contract/security.ts';
import type { Level } from '../flow/refusal.ts';
import type { NodeCore } from '../node/core.ts';
import type { Missed, PushEvent } from '../replay.ts';
import { Expiries } from '../security/expiries.ts';
import { Topics } from '../topics.ts';
import { type EventList, EventLists } from './eventLists.ts';
import { newPollCounts, type PollCounts } from './pollCounts.ts';
import type { ValidPoll } from './pollNode.ts';

/** Bytes of missed events in one answer, about: a client further behind asks again at once. */
const MAX_ANSWER_BYTES = 1_048_576;
/** Answers written before the event loop turns, so that publishes and new polls are read in between. */
const SLICE_ANSWERS = 256;

/** One request that waits. */
interface Held {
  readonly topic: string;
  readonly response: ServerResponse;
  readonly headers: readonly string[];
  /** Every event of the topic up to this id is known to the client. */
  readonly cursor: number;
  readonly untilMs: number;
}

/** Requests whose topic has new events, and those events. */
interface Wave {
  readonly held: readonly Held[];
  readonly events: readonly PushEvent[];
  /** What everyone gets who knew none of them: nearly all. */
  readonly answer: EventList;
  next: number;
}

/** Long polls: answered at once where there is something to tell, else held until there is or their time is over. */
export class HeldPolls {
  readonly #core: NodeCore;
  readonly #counts: PollCounts;
  readonly #lists: EventLists;
  /** By topic, those whose answer is not under way. */
  readonly #topics = new Topics<Held>();
  /** Everyone who waits, in order of deadline, since all are held equally long. */
  readonly #held = new Set<Held>();
  readonly #expiries = new Expiries<Held>((held) => this.#end(held));
  readonly #arrived = new Map<string, PushEvent[]>();
  readonly #waves: Wave[] = [];
  #waitingBytes = 0;
  #waitingMessages = 0;
  #turn: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(core: NodeCore) {
    this.#core = core;
    this.#lists = new EventLists(core.options.encoding);
    this.#counts = newPollCounts(core.metrics);
    core.metrics.gauge('push_polls_held', 'Requests that wait for an event', () => this.#held.size);
  }

  /** Events that some who wait for them have not got yet. */
  get waiting(): Level {
    return { messages: this.#waitingMessages, bytes: this.#waitingBytes };
  }

  /**
   * `cursor` as the client sent it; null or empty: it has seen nothing and is told where to start.
   * @param identity a request is held no longer than its token lasts
   */
  ask(
    response: ServerResponse,
    { topic, cursor }: Pick<ValidPoll, 'topic' | 'cursor'>,
    headers: readonly string[],
    identity: Identity | null,
  ): void {
    if (cursor === null || cursor === '') {
      this.#answer(
        response,
        this.#lists.of({ gap: null, events: [], cursor: this.#core.replay.lastId }),
        headers,
      );
      return;
    }
    const from = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
    const missed = this.#core.replay.after(from, topic, undefined, MAX_ANSWER_BYTES);
    if (isWorthTelling(missed)) this.#answer(response, this.#lists.of(missed), headers);
    else this.#hold({ topic, response, headers, cursor: missed.cursor }, identity);
  }

  /** An event was taken in: those who wait for it are answered after the publisher is. */
  wake(event: PushEvent): void {
    if (this.#topics.of(event.topic).size === 0) return;
    const events = this.#arrived.get(event.topic);
    if (events === undefined) this.#arrived.set(event.topic, [event]);
    else events.push(event);
    this.#waitingBytes += event.data.length;
    this.#waitingMessages++;
    this.#turn ??= setImmediate(this.#run);
  }

  stop(): void {
    if (this.#turn !== null) clearImmediate(this.#turn);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#turn = null;
    this.#timer = null;
    this.#expiries.stop();
    this.#held.clear();
    this.#arrived.clear();
    this.#waves.length = 0;
  }

  #hold(poll: Omit<Held, 'untilMs'>, identity: Identity | null): void {
    const { response } = poll;
    // No socket yet: an earlier request of the connection is not answered. Who asks ahead of that would be held without bound.
    if (response.socket === null) {
      this.#core.streams.counts.refused++;
      response.req.socket.destroy();
      return;
    }
    const untilMs = performance.now() + this.#core.options.holdMs;
    const held: Held = { ...poll, untilMs };
    this.#held.add(held);
    this.#topics.add(held);
    response.once('close', () => this.#release(held));
    if (identity !== null) this.#expiries.closeAt(identity.expiresMs, held);
    this.#timer ??= setTimeout(this.#expire, this.#core.options.holdMs);
  }

  /** @returns false where it has been answered, or its client has gone. */
  #release(held: Held): boolean {
    this.#topics.remove(held);
    this.#expiries.forget(held);
    return this.#held.delete(held);
  }

  readonly #run = (): void => {
    this.#turn = null;
    this.#startWaves();
    let left = SLICE_ANSWERS;
    while (left > 0 && this.#waves.length > 0) left -= this.#answerWave(this.#waves[0], left);
    if (this.#waves.length > 0) this.#turn ??= setImmediate(this.#run);
  };

  /** Whoever waits now is answered with what has arrived; whoever asks from here on waits for the next events. */
  #startWaves(): void {
    for (const [topic, events] of this.#arrived) {
      const held = [...this.#topics.of(topic)];
      for (const each of held) this.#topics.remove(each);
      const answer = this.#lists.of({ gap: null, events, cursor: events[events.length - 1].id });
      this.#waves.push({ held, events, answer, next: 0 });
    }
    this.#arrived.clear();
  }

  /** @returns how many of a wave were dealt with, at least 1. */
  #answerWave(wave: Wave, limit: number): number {
    const { held, events } = wave;
    const from = wave.next;
    wave.next = Math.min(held.length, from + limit);
    for (const each of held.slice(from, wave.next)) this.#tell(each, wave);
    if (wave.next === held.length) {
      this.#waves.shift();
      for (const { data } of events) this.#waitingBytes -= data.length;
      this.#waitingMessages -= events.length;
    }
    return Math.max(1, wave.next - from);
  }

  #tell(held: Held, { events, answer }: Wave): void {
    const { topic, response, headers, cursor } = held;
    if (!this.#held.has(held)) return;
    if (cursor < events[0].id) {
      if (this.#release(held)) this.#answer(response, answer, headers);
      return;
    }
    // It began to wait between them or after them: what came since it was taken out of its topic was told to nobody.
    const missed = this.#core.replay.after(cursor, topic, undefined, MAX_ANSWER_BYTES);
    if (!isWorthTelling(missed)) this.#topics.add(held);
    else if (this.#release(held)) this.#answer(response, this.#lists.of(missed), headers);
  }

  /** Ends the requests whose time is over. One timer for all: they are held equally long, so the first is the oldest. */
  readonly #expire = (): void => {
    this.#timer = null;
    const nowMs = performance.now();
    for (const held of this.#held) {
      if (held.untilMs > nowMs) {
        this.#timer = setTimeout(this.#expire, Math.ceil(held.untilMs - nowMs));
        return;
      }
      this.#end(held);
    }
  };

  #end(held: Held): void {
    if (!this.#release(held)) return;
    // Asked once more, because an event may be on its way to it.
    const missed = this.#core.replay.after(held.cursor, held.topic, undefined, MAX_ANSWER_BYTES);
    this.#answer(held.response, this.#lists.of(missed), held.headers, isWorthTelling(missed) ? 200 : 204);
  }

  #answer(
    response: ServerResponse,
    list: EventList,
    headers: readonly string[],
    status: 200 | 204 = 200,
  ): void {
    const { counts } = this.#core.streams;
    counts.written += list.count;
    if (list.hasGap) counts.gaps++;
    if (status === 204) {
      this.#counts.empty++;
      response.writeHead(204, [...list.placeHeaders, ...headers]).end();
      return;
    }
    this.#counts.shown++;
    response.writeHead(200, [...list.headers, ...headers]).end(list.body);
  }
}

function isWorthTelling({ gap, events }: Missed): boolean {
  return gap !== null || events.length > 0;
}
