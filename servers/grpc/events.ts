import { EVENT_KIND } from '../../contract/grpc.ts';
import { NO_ID, type PushEvent, type ReplayGap } from '../replay.ts';

/** Tags and lengths of an event's fields, and its numbers: bytes on the wire beside topic and data, at most. */
const FIELDS_BYTES = 40;
/** With the longest topic there is. */
export const MAX_EVENT_OVERHEAD_BYTES = FIELDS_BYTES + 128;

/** What is streamed to a subscriber, field by field as in push.proto; absent is the default of proto3. */
export interface EventMessage {
  readonly id?: number;
  readonly topic?: string;
  readonly data?: Buffer;
  readonly kind?: (typeof EVENT_KIND)[keyof typeof EVENT_KIND];
  readonly gapFrom?: number;
  /** About its bytes on the wire, for flow control; no field of push.proto. */
  readonly length: number;
}

/** A typing notice was not kept: it has no id to resume by. */
export function eventMessage({ id, topic, data }: PushEvent): EventMessage {
  const length = FIELDS_BYTES + topic.length + data.length;
  return id === NO_ID
    ? { topic, data, kind: EVENT_KIND.typing, length }
    : { id, topic, data, kind: EVENT_KIND.message, length };
}

/** Its id is where to resume from; the first id is not told where the client's own was never given by this server. */
export function gapMessage({ from, to }: ReplayGap): EventMessage {
  return { id: to, kind: EVENT_KIND.gap, gapFrom: from ?? NO_ID, length: FIELDS_BYTES };
}

export const HEARTBEAT_MESSAGE: EventMessage = { kind: EVENT_KIND.heartbeat, length: FIELDS_BYTES };
