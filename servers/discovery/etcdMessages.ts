import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** One entry of the store. */
export interface EtcdEntry {
  readonly key: string;
  readonly value: string;
}

/** What is written and read of one message type, in plain objects. int64 values are strings: they do not fit a number. */
export interface Codec<Message extends object> {
  encode(message: Message): Buffer;
  decode(bytes: Buffer): Message;
}

export interface RangeResponse {
  readonly header: { readonly revision: string } | null;
  readonly kvs: readonly WireEntry[];
}

/** Keys and values are bytes on the wire. */
export interface WireEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface WatchResponse {
  readonly header: { readonly revision: string } | null;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: string;
  readonly cancelReason: string;
  readonly events: readonly { readonly type: 'PUT' | 'DELETE'; readonly kv: WireEntry }[];
}

const PROTO = fileURLToPath(new URL('./etcd.proto', import.meta.url));
const AS_PLAIN: protobuf.IConversionOptions = {
  longs: String,
  enums: String,
  bytes: Buffer,
  arrays: true,
  defaults: true,
};

const root = protobuf.loadSync(PROTO);

/**
 * Field names in camel case, as protobufjs has them.
 * @param Message what the type looks like then: `etcd.proto` says it, and no compiler can check it
 */
export function codecOf<Message extends object>(name: string): Codec<Message> {
  const type = root.lookupType(`etcdserverpb.${name}`);
  return {
    encode: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
    decode: (bytes) => type.toObject(type.decode(bytes), AS_PLAIN) as Message,
  };
}

/** First key behind all keys with a prefix: the prefix with its last byte raised. */
export function endOfPrefix(prefix: string): Buffer {
  const end = Buffer.from(prefix);
  end[end.length - 1] += 1;
  return end;
}

export function entryOf({ key, value }: WireEntry): EtcdEntry {
  return { key: key.toString(), value: value.toString() };
}
