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
import { type Attempt, Attempts } from './attempts.ts';
import { CLOSED_BY_CLIENT, protocolDetail } from './closeReason.ts';
import { callEnd } from './grpc/callEnd.ts';
import { type Channel, Channels } from './grpc/channels.ts';
import { methodOf } from './grpc/grpcMethod.ts';
import { type DecodedEvent, ProtobufMessages } from './grpc/protobufMessages.ts';
import { callOf } from './grpc/subscription.ts';
import { LastIds } from './lastIds.ts';
import { retryAfterMs } from './retryAfter.ts';

type Call = ClientReadableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>;

interface GrpcAttempt extends Attempt {
  readonly channel: Channel;
  readonly call: Call;
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
  readonly #events: DriverEvents;
  readonly #method: GrpcMethod;
  readonly #messages: ProtobufMessages;
  readonly #attempts: Attempts<GrpcAttempt>;
  readonly #channels: Channels;
  readonly #lastIds: LastIds;

  constructor(options: DriverOptions) {
    this.#events = options.events;
    this.#attempts = new Attempts(options);
    this.#method = methodOf(options);
    this.#messages = new ProtobufMessages(this.#method);
    this.#channels = new Channels(options.security, options.streamsPerConnection);
    this.#lastIds = new LastIds(options.slots);
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    const target = this.#attempts.admit(slot);
    const channel = this.#channels.take(slot, target);
    const attempt: GrpcAttempt = {
      slot,
      channel,
      call: this.#call(channel.client, target, this.#lastIds.get(slot)),
      timer: this.#attempts.deadline((detail) => this.#end(attempt, detail)),
      isLive: false,
      ending: null,
    };
    this.#attempts.add(attempt);
    this.#listen(attempt);
  }

  close(slot: number): void {
    const attempt = this.#attempts.get(slot);
    if (attempt !== undefined) this.#end(attempt, CLOSED_BY_CLIENT);
  }

  counters(): DriverCounters {
    return this.#attempts.counters();
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

  stop(): Promise<void> {
    return this.#attempts.stop((slot) => this.close(slot));
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

  #listen(attempt: GrpcAttempt): void {
    const { call } = attempt;
    call.on('metadata', () => this.#opened(attempt, nowUs()));
    call.on('data', (bytes: Buffer) => this.#message(attempt, bytes, nowUs()));
    // The status says the same, and comes for calls that fail and for those that do not.
    call.on('error', () => {});
    call.on('status', (status) => setImmediate(() => this.#closed(attempt, status)));
  }

  #opened(attempt: GrpcAttempt, atUs: number): void {
    this.#attempts.disarm(attempt);
    if (attempt.ending !== null) return;
    attempt.isLive = true;
    this.#events.opened(attempt.slot, atUs);
  }

  #message(attempt: GrpcAttempt, bytes: Buffer, atUs: number): void {
    if (attempt.ending !== null) return;
    const event = this.#decoded(attempt, bytes);
    if (event === null) return;
    const { slot } = attempt;
    const { kind, id, data } = event;
    if (kind === EVENT_KIND.heartbeat) {
      this.#attempts.heartbeats++;
      return;
    }
    if (id !== '0') this.#lastIds.take(slot, Buffer.from(id, 'latin1'), 0, id.length);
    if (kind === EVENT_KIND.gap) this.#events.gap(slot);
    else if (kind === EVENT_KIND.message || kind === EVENT_KIND.typing) {
      this.#events.message(slot, data, 0, data.length, atUs);
    }
  }

  #decoded(attempt: GrpcAttempt, bytes: Buffer): DecodedEvent | null {
    try {
      return this.#messages.event(bytes);
    } catch (error) {
      this.#end(attempt, protocolDetail(messageOf(error)));
      return null;
    }
  }

  /** The first reason counts; `closed` follows when the package is done with the call. */
  #end(attempt: GrpcAttempt, detail: CloseDetail): void {
    if (attempt.ending !== null) return;
    attempt.ending = detail;
    attempt.call.cancel();
  }

  #closed(attempt: GrpcAttempt, { code, details, metadata }: StatusObject): void {
    this.#channels.release(attempt.channel);
    const ending = attempt.ending ?? this.#serverEnd(attempt, code, details, metadata);
    this.#attempts.closed(attempt, ending);
  }

  #serverEnd(attempt: GrpcAttempt, code: number, details: string, metadata: Metadata): CloseDetail {
    const delayMs = retryAfterMs(metadata.get('retry-after')[0]?.toString());
    if (delayMs !== null) this.#events.retryAfter(attempt.slot, delayMs);
    return callEnd(code, details, attempt.isLive);
  }
}

function sameBytes(bytes: Buffer): Buffer {
  return bytes;
}
