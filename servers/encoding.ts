import protobuf from 'protobufjs';
import type { Encoding } from '../contract/pushServer.ts';
import { NO_ID, type PushEvent } from './replay.ts';

/** Text of an event's data, made by the server from the published body. Bodies are UTF-8 for `json` and `text`. */
export type Encoder = (event: PushEvent) => string;

/** message Event { uint64 id = 1; string topic = 2; bytes data = 3; } */
export const EventMessage = new protobuf.Type('Event')
  .add(new protobuf.Field('id', 1, 'uint64'))
  .add(new protobuf.Field('topic', 2, 'string'))
  .add(new protobuf.Field('data', 3, 'bytes'));

/** An event as it is encoded: one that is only relayed has no id. */
export function fieldsOf({ id, topic, data }: PushEvent): { id?: number; topic: string; data: Buffer } {
  return id === NO_ID ? { topic, data } : { id, topic, data };
}

function encodeJson(event: PushEvent): string {
  return JSON.stringify({ ...fieldsOf(event), data: event.data.toString() });
}

function encodeText(event: PushEvent): string {
  return event.data.toString();
}

/** Base64, since an event stream carries UTF-8 text only. */
function encodeProtobuf(event: PushEvent): string {
  const { buffer, byteOffset, length } = EventMessage.encode(fieldsOf(event)).finish();
  return Buffer.from(buffer, byteOffset, length).toString('base64');
}

export const ENCODERS: Readonly<Record<Encoding, Encoder>> = {
  json: encodeJson,
  text: encodeText,
  protobuf: encodeProtobuf,
};
