import type { GrpcMethod } from '../../../contract/grpc.ts';
import type { Saying } from '../../../contract/loadDriver.ts';
import { bytesField, numberField } from './wire.ts';

/** Largest number that the field of an id holds. */
const MAX_UINT64 = 2n ** 64n - 1n;

/** Message that asks for a topic, from after an id on where there is one that the server can know. */
export function subscriptionMessage(method: GrpcMethod, topic: string, lastId: string | null): Buffer {
  const { topicField, lastIdField } = method;
  const fields: Field[] = [];
  if (topicField !== null && (topic !== '' || topicField.length > 1)) {
    fields.push({ path: topicField, encode: (field) => bytesField(field, Buffer.from(topic)) });
  }
  const id = lastId === null ? null : idOf(lastId);
  if (lastIdField !== null && id !== null) {
    fields.push({ path: lastIdField, encode: (field) => numberField(field, id) });
  }
  return encoded(fields);
}

/** Message by which a client of a bidirectional call says something. @throws RangeError where the method has none. */
export function sayingMessage(method: GrpcMethod, saying: Saying, bytes: Uint8Array): Buffer {
  if (method.say === null) throw new RangeError(`${method.path} has no message of the client's own`);
  return bytesField(method.say[saying], bytes);
}

/** Splits `/pushbench.v1.Push/Subscribe?topic=t17`: a call has a path and no query. */
export function callOf(path: string): { readonly path: string; readonly topic: string } {
  const query = path.indexOf('?');
  if (query < 0) return { path, topic: '' };
  return { path: path.slice(0, query), topic: new URLSearchParams(path.slice(query)).get('topic') ?? '' };
}

function idOf(lastId: string): bigint | null {
  if (!/^\d{1,20}$/.test(lastId)) return null;
  const id = BigInt(lastId);
  return id > MAX_UINT64 ? null : id;
}

interface Field {
  readonly path: readonly number[];
  readonly encode: (field: number) => Buffer;
}

/** Fields that share the start of their path stand in one message within the message. */
function encoded(fields: readonly Field[]): Buffer {
  const parts: Buffer[] = [];
  for (const { path, encode } of fields) if (path.length === 1) parts.push(encode(path[0]));
  const nested = fields.filter(({ path }) => path.length > 1);
  for (const field of new Set(nested.map(({ path }) => path[0]))) {
    const inner = nested.filter(({ path }) => path[0] === field);
    parts.push(bytesField(field, encoded(inner.map((one) => ({ ...one, path: one.path.slice(1) })))));
  }
  return Buffer.concat(parts);
}
