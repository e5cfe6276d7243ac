import { type CallOptions, Client, credentials, Metadata } from '@grpc/grpc-js';
import {
  type Codec,
  codecOf,
  type EtcdEntry,
  endOfPrefix,
  entryOf,
  type RangeResponse,
  type WatchResponse,
} from './etcdMessages.ts';

/** Time limit of a call, milliseconds: a directory that is slower than this is as good as gone. */
const CALL_MS = 3_000;
/** Bytes of an answer: a thousand entries of the longest kind. */
const MAX_ANSWER_BYTES = 8 * 1_024 * 1_024;
/** Pings find out that the other end is gone; etcd takes one every 5 s at most (its `--grpc-keepalive-min-time`). */
const PING_EVERY_MS = 10_000;
const PING_TIMEOUT_MS = 3_000;

const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  'grpc.keepalive_time_ms': PING_EVERY_MS,
  'grpc.keepalive_timeout_ms': PING_TIMEOUT_MS,
  // Whoever calls waits and tries again by rules of its own; a channel that backs off for two minutes would stand in the way.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
};

interface Method<Request extends object, Response extends object> {
  readonly path: string;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
}

function method<Request extends object, Response extends object>(
  service: string,
  name: string,
  messages = name,
): Method<Request, Response> {
  return {
    path: `/etcdserverpb.${service}/${name}`,
    request: codecOf(`${messages}Request`),
    response: codecOf(`${messages}Response`),
  };
}

const RANGE = method<{ key: Buffer; rangeEnd: Buffer; limit: number }, RangeResponse>('KV', 'Range');
const PUT = method<{ key: Buffer; value: Buffer; lease: string }, object>('KV', 'Put');
const DELETE = method<{ key: Buffer; rangeEnd: Buffer }, { deleted: string }>('KV', 'DeleteRange');
const WATCH = method<
  { createRequest: { key: Buffer; rangeEnd: Buffer; startRevision: string } },
  WatchResponse
>('Watch', 'Watch');
const GRANT = method<{ TTL: number }, { ID: string }>('Lease', 'LeaseGrant');
const REVOKE = method<{ ID: string }, object>('Lease', 'LeaseRevoke');
const KEEP_ALIVE = method<{ ID: string }, { TTL: string }>('Lease', 'LeaseKeepAlive');
const STATUS = method<object, { version: string }>('Maintenance', 'Status');

/** What a watch tells. After `compacted` or `ended` nothing follows. */
export interface WatchListener {
  changed(event: { readonly type: 'PUT' | 'DELETE' } & EtcdEntry): void;
  /** The revision asked for is gone from the store: the whole range is to be read again. */
  compacted(): void;
  ended(reason: string): void;
}

/**
 * The few calls of etcd's public v3 API that service discovery needs, each with a time limit.
 * Every method rejects with the gRPC error of the call.
 */
export class EtcdClient {
  readonly #client: Client;

  /** @param url e.g. `http://127.0.0.1:2379` */
  constructor(url: string) {
    this.#client = new Client(new URL(url).host, credentials.createInsecure(), CHANNEL_OPTIONS);
  }

  /** Entries whose key begins so, at most `limit`, and the revision of the store at which they were read. */
  async range(prefix: string, limit: number): Promise<{ entries: EtcdEntry[]; revision: bigint }> {
    const { kvs, header } = await this.#call(RANGE, { ...keysFrom(prefix), limit });
    return { entries: kvs.map(entryOf), revision: BigInt(header?.revision ?? 0) };
  }

  async put(key: string, value: string, lease: string): Promise<void> {
    await this.#call(PUT, { key: Buffer.from(key), value: Buffer.from(value), lease });
  }

  /** @returns how many there were */
  async deletePrefix(prefix: string): Promise<number> {
    return Number((await this.#call(DELETE, keysFrom(prefix))).deleted);
  }

  /** @returns id of a lease that runs out so many seconds after it was last kept alive */
  async grantLease(seconds: number): Promise<string> {
    return (await this.#call(GRANT, { TTL: seconds })).ID;
  }

  /** The lease ends now, and its entries with it. */
  async revokeLease(id: string): Promise<void> {
    await this.#call(REVOKE, { ID: id });
  }

  /** @returns false where the lease has run out */
  keepAlive(id: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const stream = this.#stream(KEEP_ALIVE, timeLimit());
      stream.on('data', ({ TTL }) => {
        resolve(Number(TTL) > 0);
        stream.end();
      });
      stream.on('error', reject);
      stream.on('end', () => reject(new Error('etcd ended the stream without an answer')));
      stream.write({ ID: id });
    });
  }

  /** Follows the keys that begin so, from a revision on. @returns a function that ends it; nothing is told afterwards */
  watch(prefix: string, fromRevision: bigint, listener: WatchListener): () => void {
    const stream = this.#stream(WATCH, {});
    let isOver = false;
    const over = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      stream.cancel();
      tell();
    };
    stream.on('data', (response) => {
      if (isOver) return;
      if (response.canceled && Number(response.compactRevision) > 0) over(() => listener.compacted());
      else if (response.canceled) over(() => listener.ended(response.cancelReason));
      for (const { type, kv } of response.events) if (!isOver) listener.changed({ type, ...entryOf(kv) });
    });
    stream.on('error', (error) => over(() => listener.ended(error.message)));
    stream.on('end', () => over(() => listener.ended('etcd ended the watch')));
    stream.write({ createRequest: { ...keysFrom(prefix), startRevision: String(fromRevision) } });
    return () => over(() => {});
  }

  /** @returns version of the server */
  async version(): Promise<string> {
    return (await this.#call(STATUS, {})).version;
  }

  close(): void {
    this.#client.close();
  }

  #call<Request extends object, Response extends object>(
    { path, request, response }: Method<Request, Response>,
    argument: Request,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, answer?: Response): void => {
        if (error !== null) reject(error);
        else if (answer === undefined) reject(new Error(`${path}: no answer`));
        else resolve(answer);
      };
      this.#client.makeUnaryRequest(
        path,
        request.encode,
        response.decode,
        argument,
        new Metadata(),
        timeLimit(),
        done,
      );
    });
  }

  #stream<Request extends object, Response extends object>(
    { path, request, response }: Method<Request, Response>,
    options: CallOptions,
  ) {
    return this.#client.makeBidiStreamRequest(path, request.encode, response.decode, new Metadata(), options);
  }
}

function timeLimit(): CallOptions {
  return { deadline: Date.now() + CALL_MS };
}

function keysFrom(prefix: string): { key: Buffer; rangeEnd: Buffer } {
  return { key: Buffer.from(prefix), rangeEnd: endOfPrefix(prefix) };
}
