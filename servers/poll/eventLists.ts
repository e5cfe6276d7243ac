import type { Encoding } from '../../contract/pushServer.ts';
import type { Missed, PushEvent, ReplayGap } from '../replay.ts';
import { CONTENT_TYPES, encodeDelimited } from './encodedEvent.ts';

/** One answer to a long poll. Headers are flat name, value lists. */
export interface EventList {
  readonly body: string | Buffer;
  readonly headers: readonly string[];
  /** Without those that describe a body. */
  readonly placeHeaders: readonly string[];
  readonly cursor: number;
  /** Events in it. */
  readonly count: number;
  readonly hasGap: boolean;
}

/**
 * Writes down the events after a cursor. JSON and text: `{"cursor":M,"gap":null,"events":[{"id":…,"topic":…,"data":…}]}`;
 * Protobuf: the events after each other, each behind its length. `X-Cursor` and `X-Gap` say the rest in a header, so that
 * a client needs no parser to go on.
 */
export class EventLists {
  readonly #isBinary: boolean;

  constructor(encoding: Encoding) {
    this.#isBinary = encoding === 'protobuf';
  }

  of({ gap, events, cursor }: Missed): EventList {
    const body = this.#isBinary ? encodeDelimited(events) : encodeJson(events, gap, cursor);
    const place = ['Cache-Control', 'no-store', 'X-Cursor', String(cursor)];
    const placeHeaders = gap === null ? place : [...place, 'X-Gap', `${gap.from ?? '*'}-${gap.to}`];
    const type = CONTENT_TYPES[this.#isBinary ? 'protobuf' : 'json'];
    const length = String(Buffer.byteLength(body));
    const headers = [...placeHeaders, 'Content-Type', type, 'Content-Length', length];
    return { body, headers, placeHeaders, cursor, count: events.length, hasGap: gap !== null };
  }
}

function encodeJson(events: readonly PushEvent[], gap: ReplayGap | null, cursor: number): string {
  const list = events.map(({ id, topic, data }) => ({ id, topic, data: data.toString() }));
  return JSON.stringify({ cursor, gap, events: list });
}
