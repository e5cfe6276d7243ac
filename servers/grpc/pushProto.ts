import { fileURLToPath } from 'node:url';
import { loadSync, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader';
import { messageOf } from '../../contract/errors.ts';
import { DEFAULT_TOPIC } from '../../contract/ingest.ts';

export interface SubscribeRequest {
  readonly topic: string;
  /** Decimal, since a uint64 may be beyond the safe integers of JavaScript; null: the client has seen nothing. */
  readonly lastId: string | null;
}

export type ChatRequest =
  | { readonly what: 'join'; readonly join: SubscribeRequest }
  | { readonly what: 'message' | 'typing'; readonly data: Buffer };

export interface PublishRequest {
  readonly topic: string;
  readonly data: readonly Buffer[];
}

export interface PublishResponse {
  readonly accepted: number;
  readonly lastId: number;
}

/** A request as it came: what cannot be read is refused by its handler, so that it is answered and counted as any other. */
export type Decoded<T> =
  | { readonly state: 'read'; readonly message: T }
  | { readonly state: 'damaged'; readonly fault: string };

export type MethodName = 'Subscribe' | 'Chat' | 'Publish';

const PROTO = fileURLToPath(new URL('./pushbench/v1/push.proto', import.meta.url));

export const PUSH_SERVICE_NAME = 'pushbench.v1.Push';

export const PUSH_PACKAGE: PackageDefinition = loadSync(PROTO, {
  longs: String,
  enums: Number,
  defaults: true,
  oneofs: true,
});

/**
 * A method of the service as the loader of `.proto` files makes it.
 * @throws Error where push.proto has none of this name
 */
export function methodOf(name: MethodName): MethodDefinition<object, object> {
  const method: unknown = Reflect.get(PUSH_PACKAGE[PUSH_SERVICE_NAME], name);
  if (!isMethod(method)) throw new Error(`${PROTO} defines no method ${name} of ${PUSH_SERVICE_NAME}`);
  return method;
}

function isMethod(candidate: unknown): candidate is MethodDefinition<object, object> {
  return typeof candidate === 'object' && candidate !== null && 'requestDeserialize' in candidate;
}

type Fields = Readonly<Record<string, unknown>>;

/** Readers of requests; they never throw. */
export const REQUESTS = {
  Subscribe: reader('Subscribe', subscription),
  Chat: reader('Chat', chatRequest),
  Publish: reader('Publish', publication),
};

function reader<T>(name: MethodName, read: (fields: Fields) => T): (bytes: Buffer) => Decoded<T> {
  const { requestDeserialize } = methodOf(name);
  return (bytes) => {
    try {
      return { state: 'read', message: read({ ...requestDeserialize(bytes) }) };
    } catch (error) {
      return { state: 'damaged', fault: messageOf(error) };
    }
  };
}

function subscription({ topic, lastId }: Fields): SubscribeRequest {
  return { topic: topicOf(topic), lastId: typeof lastId === 'string' ? lastId : null };
}

function chatRequest(fields: Fields): ChatRequest {
  const { request, join } = fields;
  if (request === 'join') return { what: 'join', join: subscription({ ...Object(join) }) };
  const data = request === 'message' || request === 'typing' ? fields[request] : null;
  if ((request === 'message' || request === 'typing') && Buffer.isBuffer(data))
    return { what: request, data };
  throw new RangeError('it is neither a join, nor a message, nor a typing notice');
}

function publication({ topic, data }: Fields): PublishRequest {
  return { topic: topicOf(topic), data: Array.isArray(data) ? data.filter(Buffer.isBuffer) : [] };
}

/** proto3 knows no absent string: an empty one names no topic. */
function topicOf(topic: unknown): string {
  return topic === '' ? DEFAULT_TOPIC : String(topic);
}
