import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  Metadata,
  type StatusObject,
} from '@grpc/grpc-js';
import { nowUs } from '../../contract/clock.ts';
import { messageOf } from '../../contract/errors.ts';
import { EVENT_KIND, type GrpcMethod } from '../../contract/grpc.ts';
import type {
  CloseDetail,
  ConnectTarget,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../contract/loadDriver.ts';
import { CLOSED_BY_CLIENT, protocolDetail, timeoutDetail } from './closeReason.ts';
import { callEnd } from './grpc/callEnd.ts';
import { type Channel, Channels } from './grpc/channels.ts';
import { methodOf } from './grpc/grpcMethod.ts';
import { type DecodedEvent, ProtobufMessages } from './grpc/protobufMessages.ts';
import { callOf } from './grpc/subscription.ts';
import { LastIds } from './lastIds.ts';
import { checkTarget } from './requestHead.ts';
import { retryAfterMs } from './retryAfter.ts';
import { slotMisuse } from './slotMisuse.ts';

type Call = ClientReadableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>;

/** One attempt of one slot, from `open` to `closed`. */
interface Attempt {
  readonly slot: number;
  readonly channel: Channel;
  readonly call: Call;
  timer: NodeJS.Timeout | null;
  isLive: boolean;
  /** Why it ends, where that is known before the package says that it has. */
  ending: CloseDetail | null;
}

/**
 * gRPC by the package `@grpc/grpc-js`, messages by `protobufjs`, as their users in Node have them: a channel for every
 * group of `streamsPerConnection` slots. The package hides bytes.
 */
export class GrpcClientDriver implements LoadDriver {
  readonly kind = 'ecosystem';
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #method: GrpcMethod;
  readonly #messages: ProtobufMessages;
  readonly #attempts = new Map<number, Attempt>();
  readonly #channels: Channels;
  readonly #lastIds: LastIds;
  readonly #onIdle: (() => void)[] = [];
  #heartbeats = 0;
  #protocolErrors = 0;
  #stopped = false;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#events = options.events;
    this.#method = methodOf(options);
    this.#messages = new ProtobufMessages(this.#method);
    this.#channels = new Channels(options.security, options.streamsPerConnection);
    this.#lastIds = new LastIds(options.slots);
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped || this.#attempts.has(slot)) throw slotMisuse(slot, this.#stopped);
    const target = this.#options.target(slot);
    checkTarget(target);
    const channel = this.#channels.take(slot, target);
    const { connectTimeoutMs } = this.#options;
    const attempt: Attempt = {
      slot,
      channel,
      call: this.#call(channel.client, target, this.#lastIds.get(slot)),
      timer: setTimeout(() => this.#end(attempt, timeoutDetail(connectTimeoutMs)), connectTimeoutMs),
      isLive: false,
      ending: null,
    };
    this.#attempts.set(slot, attempt);
    this.#listen(attempt);
  }

  close(slot: number): void {
    const attempt = this.#attempts.get(slot);
    if (attempt !== undefined) this.#end(attempt, CLOSED_BY_CLIENT);
  }

  counters(): DriverCounters {
    return {
      bytesRead: null,
      bytesWritten: null,
      protocolErrors: this.#protocolErrors,
      heartbeats: this.#heartbeats,
    };
  }

  connections(): number {
    return this.#channels.size;
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    const call = this.#uplink(slot);
    if (call === null) return false;
    call.write(Buffer.from(this.#messages.saying(saying, bytes)), (error?: Error | null) =>
      settled(error ?? null),
    );
    return true;
  }

  endUplink(slot: number): boolean {
    const call = this.#uplink(slot);
    call?.end();
    return call !== null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const slot of this.#attempts.keys()) this.close(slot);
    if (this.#attempts.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  #call(client: Client, target: ConnectTarget, lastId: string | null): Call {
    const { path, topic } = callOf(target.path);
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(target.headers)) metadata.set(name, value);
    const request = Buffer.from(this.#messages.subscription(topic, lastId));
    if (this.#method.kind === 'server-stream') {
      return client.makeServerStreamRequest(path, sameBytes, sameBytes, request, metadata);
    }
    const call = client.makeBidiStreamRequest(path, sameBytes, sameBytes, metadata);
    call.write(request);
    return call;
  }

  #uplink(slot: number): ClientDuplexStream<Buffer, Buffer> | null {
    const attempt = this.#attempts.get(slot);
    if (attempt === undefined || !attempt.isLive || attempt.ending !== null) return null;
    const { call } = attempt;
    return this.#method.say !== null && 'write' in call && call.writable ? call : null;
  }

  #listen(attempt: Attempt): void {
    const { call } = attempt;
    call.on('metadata', () => this.#opened(attempt, nowUs()));
    call.on('data', (bytes: Buffer) => this.#message(attempt, bytes, nowUs()));
    // The status says the same, and comes for calls that fail and for those that do not.
    call.on('error', () => {});
    call.on('status', (status) => setImmediate(() => this.#closed(attempt, status)));
  }

  #opened(attempt: Attempt, atUs: number): void {
    if (attempt.timer !== null) clearTimeout(attempt.timer);
    attempt.timer = null;
    if (attempt.ending !== null) return;
    attempt.isLive = true;
    this.#events.opened(attempt.slot, atUs);
  }

  #message(attempt: Attempt, bytes: Buffer, atUs: number): void {
    if (attempt.ending !== null) return;
    const event = this.#decoded(attempt, bytes);
    if (event === null) return;
    const { slot } = attempt;
    const { kind, id, data } = event;
    if (kind === EVENT_KIND.heartbeat) {
      this.#heartbeats++;
      return;
    }
    if (id !== '0') this.#lastIds.take(slot, Buffer.from(id, 'latin1'), 0, id.length);
    if (kind === EVENT_KIND.gap) this.#events.gap(slot);
    else if (kind === EVENT_KIND.message || kind === EVENT_KIND.typing) {
      this.#events.message(slot, data, 0, data.length, atUs);
    }
  }

  #decoded(attempt: Attempt, bytes: Buffer): DecodedEvent | null {
    try {
      return this.#messages.event(bytes);
    } catch (error) {
      this.#end(attempt, protocolDetail(messageOf(error)));
      return null;
    }
  }

  /** The first reason counts; `closed` follows when the package is done with the call. */
  #end(attempt: Attempt, detail: CloseDetail): void {
    if (attempt.ending !== null) return;
    attempt.ending = detail;
    attempt.call.cancel();
  }

  #closed(attempt: Attempt, { code, details, metadata }: StatusObject): void {
    const { slot, channel } = attempt;
    if (attempt.timer !== null) clearTimeout(attempt.timer);
    this.#attempts.delete(slot);
    this.#channels.release(channel);
    const ending = attempt.ending ?? this.#serverEnd(attempt, code, details, metadata);
    if (ending.reason === 'bad-protocol') this.#protocolErrors++;
    this.#events.closed(slot, ending);
    if (this.#attempts.size > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #serverEnd(attempt: Attempt, code: number, details: string, metadata: Metadata): CloseDetail {
    const delayMs = retryAfterMs(metadata.get('retry-after')[0]?.toString());
    if (delayMs !== null) this.#events.retryAfter(attempt.slot, delayMs);
    return callEnd(code, details, attempt.isLive);
  }
}

function sameBytes(bytes: Buffer): Buffer {
  return bytes;
}
