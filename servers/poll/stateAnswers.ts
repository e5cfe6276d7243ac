import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Encoding } from '../../contract/pushServer.ts';
import type { NodeCore } from '../node/core.ts';
import type { PushEvent } from '../replay.ts';
import { CONTENT_TYPES, encodeEvent } from './encodedEvent.ts';
import { matches } from './entityTag.ts';
import type { NewestEvents } from './newestEvents.ts';
import { newPollCounts, type PollCounts } from './pollCounts.ts';

/** How the variants that show the newest state differ. */
export interface StateStyle {
  /** Tell an entity tag, and answer 304 where the client has that state. */
  readonly isConditional: boolean;
  /** Close the connection after each answer. */
  readonly closes: boolean;
}

/** The newest event of a topic as one answer. Headers are flat name, value lists. */
interface Shown {
  readonly body: string | Buffer;
  readonly headers: readonly string[];
  readonly unchangedHeaders: readonly string[];
}

/** Answers `GET /state`: each state is encoded by the first poll that asks for it, then sent as it is. */
export class StateAnswers {
  readonly #core: NodeCore;
  readonly #newest: NewestEvents;
  readonly #encoding: Encoding;
  readonly #style: StateStyle;
  readonly #counts: PollCounts;
  readonly #commonHeaders: readonly string[];
  /** Weak, so that what is superseded goes with its event. */
  readonly #shown = new WeakMap<PushEvent, Shown>();

  constructor(core: NodeCore, newest: NewestEvents, style: StateStyle) {
    this.#core = core;
    this.#newest = newest;
    this.#encoding = core.options.encoding;
    this.#style = style;
    this.#counts = newPollCounts(core.metrics);
    this.#commonHeaders = commonHeaders(style);
  }

  answer(
    request: IncomingMessage,
    response: ServerResponse,
    topic: string,
    headers: readonly string[],
  ): void {
    const event = this.#newest.of(topic);
    if (event === undefined) {
      this.#counts.empty++;
      response.writeHead(204, [...this.#commonHeaders, ...headers]).end();
      return;
    }
    const shown = this.#shownOf(event);
    if (this.#style.isConditional && matches(request.headers['if-none-match'], event.id)) {
      this.#counts.unchanged++;
      response.writeHead(304, [...shown.unchangedHeaders, ...headers]).end();
      return;
    }
    this.#counts.shown++;
    this.#core.streams.counts.written++;
    response.writeHead(200, [...shown.headers, ...headers]).end(shown.body);
  }

  #shownOf(event: PushEvent): Shown {
    let shown = this.#shown.get(event);
    if (shown === undefined) {
      shown = this.#show(event);
      this.#shown.set(event, shown);
    }
    return shown;
  }

  #show(event: PushEvent): Shown {
    const body = encodeEvent(event, this.#encoding);
    const tag = this.#style.isConditional ? ['ETag', `"${event.id}"`] : [];
    const unchangedHeaders = [...this.#commonHeaders, ...tag];
    const length = String(Buffer.byteLength(body));
    const type = CONTENT_TYPES[this.#encoding];
    const headers = [...unchangedHeaders, 'Content-Type', type, 'Content-Length', length];
    return { body, headers, unchangedHeaders };
  }
}

/** `no-cache`: a cache in between may keep the state, but has to ask each time (RFC 9111, section 5.2.2.4). */
function commonHeaders({ isConditional, closes }: StateStyle): readonly string[] {
  const caching = ['Cache-Control', isConditional ? 'no-cache' : 'no-store'];
  return closes ? [...caching, 'Connection', 'close'] : caching;
}
