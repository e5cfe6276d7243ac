import type { PublishFields } from '../../contract/grpc.ts';

/** Wire type of strings, bytes and messages (https://protobuf.dev/programming-guides/encoding/#structure). */
const LENGTH_DELIMITED = 2;

/** A request to publish one message, with room for its data. */
export interface PublishRequest {
  readonly bytes: Buffer;
  /** Where the data begins; it goes to the end. */
  readonly dataAt: number;
}

/** Encodes all but the data itself: the topic, where the request has one, and the data's length. */
export function publishRequest(fields: PublishFields, topic: string, dataBytes: number): PublishRequest {
  const named = fields.topic === null ? [] : [...head(fields.topic, topic.length), ...Buffer.from(topic)];
  const before = [...named, ...head(fields.data, dataBytes)];
  const bytes = Buffer.allocUnsafe(before.length + dataBytes);
  bytes.set(before);
  return { bytes, dataAt: before.length };
}

function head(field: number, length: number): number[] {
  return [...varint(field * 8 + LENGTH_DELIMITED), ...varint(length)];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}
