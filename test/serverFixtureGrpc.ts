import { once } from 'node:events';
import { connect } from 'node:http2';
import type { TestContext } from 'node:test';
import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { EVENT_KIND } from '../contract/grpc.ts';
import type { Endpoint } from '../contract/pushServer.ts';
import { methodOf } from '../servers/grpc/pushProto.ts';
import { Inbox } from './inbox.ts';
import type { Received, Refused, ServerFixture, SubscribeOptions, Subscriber } from './serverFixture.ts';

type Call = ClientReadableStream<object> | ClientDuplexStream<object, object>;
type StreamMethod = 'Subscribe' | 'Chat';

/** A message of gRPC as it goes over the wire: flag, length, bytes. */
export function grpcFrame(bytes: Buffer, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** What a request for a stream holds. */
export function requestOf(method: StreamMethod, topic: string, lastId: string | null = null): object {
  const subscription = lastId === null ? { topic } : { topic, lastId };
  return method === 'Chat' ? { join: subscription } : subscription;
}

/** A client with a connection of its own, closed when the test ends. */
export function grpcClient(t: TestContext, { host, port }: Endpoint): Client {
  const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_retries': 0 };
  const client = new Client(`${host}:${port}`, credentials.createInsecure(), options);
  t.after(() => client.close());
  return client;
}

class GrpcSubscriber implements Subscriber {
  readonly headers = {};
  readonly #call: Call;
  readonly #client: Client;
  readonly #inbox = new Inbox<Received>();
  readonly #ended: Promise<void>;

  constructor(client: Client, call: Call) {
    this.#client = client;
    this.#call = call;
    this.#ended = new Promise((resolve) => call.on('status', () => resolve()));
    call.on('data', (event) => this.#take(event));
    call.on('status', () => this.#inbox.close());
  }

  /** Resolves with the head of the answer; rejects with the status where there is none. */
  async opened(): Promise<void> {
    await once(this.#call, 'metadata');
    // After that an error is an end like any other; `status` tells of it as well.
    this.#call.on('error', () => {});
  }

  next(): Promise<Received> {
    return this.#inbox.next();
  }

  take(count: number): Promise<Received[]> {
    return this.#inbox.take(count);
  }

  closed(): Promise<void> {
    return this.#ended;
  }

  close(): void {
    this.#call.cancel();
    this.#client.close();
  }

  #take(event: object): void {
    const { id, topic, data, kind, gapFrom }: Readonly<Record<string, unknown>> = { ...event };
    const isGap = kind === EVENT_KIND.gap;
    if (isGap) this.#inbox.put({ kind: 'gap', from: Number(gapFrom) || null, to: Number(id) });
    else if (kind === EVENT_KIND.message && typeof topic === 'string' && Buffer.isBuffer(data)) {
      this.#inbox.put({ kind: 'message', id: Number(id), topic, body: data });
    } else if (kind !== EVENT_KIND.heartbeat) throw new Error(`no event of ours: ${JSON.stringify(event)}`);
  }
}

function openCall(client: Client, method: StreamMethod, request: object): Call {
  const { path, requestSerialize, responseDeserialize } = methodOf(method);
  if (method === 'Subscribe') {
    return client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
    );
  }
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata());
  call.write(request);
  return call;
}

/** Ids are numbers here; none, or an empty one, is absent. */
function lastIdOf({ lastEventId, query = '' }: SubscribeOptions): string | null {
  const given = lastEventId ?? new URLSearchParams(query).get('lastEventId') ?? '';
  return given === '' ? null : given;
}

function refusedBy({ code, details, metadata }: ServiceError): Refused {
  const retryAfter = metadata.get('retry-after').map(Number)[0] ?? null;
  if (code === status.INVALID_ARGUMENT) return { why: 'invalid', retryAfter };
  if (code === status.RESOURCE_EXHAUSTED) return { why: 'full', retryAfter };
  throw new Error(`the subscription ended with ${status[code]}: ${details}`);
}

/** Clients of the stage that subscribe by a method. */
export function grpcFixture(method: StreamMethod): ServerFixture {
  async function subscribe(
    t: TestContext,
    endpoint: Endpoint,
    options: SubscribeOptions = {},
  ): Promise<Subscriber> {
    const client = grpcClient(t, endpoint);
    const request = requestOf(method, options.topic ?? 't1', lastIdOf(options));
    const subscriber = new GrpcSubscriber(client, openCall(client, method, request));
    await subscriber.opened();
    return subscriber;
  }

  return {
    http1: null,
    subscribe,
    async refusal(t, endpoint, query) {
      const topic = new URLSearchParams(query).get('topic') ?? '';
      const call = openCall(grpcClient(t, endpoint), method, requestOf(method, topic));
      const [error]: ServiceError[] = await once(call, 'error');
      return refusedBy(error);
    },
    async stopReading(t, { host, port }) {
      const session = connect(`http://${host}:${port}`);
      t.after(() => session.destroy());
      const { path, requestSerialize } = methodOf(method);
      const headers = { 'content-type': 'application/grpc', te: 'trailers' };
      const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
      stream.on('error', () => {});
      stream.pause();
      const bytes = grpcFrame(requestSerialize(requestOf(method, 't1')));
      if (method === 'Chat') stream.write(bytes);
      else stream.end(bytes);
    },
    neverAssigned: ['99', '18446744073709551615'],
    carriesBytes: true,
    arrives: (body) => body,
    isConnection: true,
    resumesByHeader: false,
    hasCors: false,
  };
}
