import type { IncomingHttpHeaders } from 'node:http2';
import { EVENT_KIND, type GrpcMethod } from '../../../contract/grpc.ts';
import type { CloseDetail, ConnectTarget, Saying } from '../../../contract/loadDriver.ts';
import { protocolDetail, statusDetail } from '../closeReason.ts';
import type { ResponseHead, StreamRequest } from '../h2/h2Transport.ts';
import { requestFields } from '../h2/requestFields.ts';
import type { ProtocolSink, StreamProtocol, Uplink } from '../h2/streamProtocol.ts';
import { retryAfterMs } from '../retryAfter.ts';
import type { EventReader } from './eventReader.ts';
import { MISSING_STATUS, trailersEnd } from './grpcStatus.ts';
import { type FrameSink, MessageFrames } from './messageFrames.ts';
import { callOf, sayingMessage, subscriptionMessage } from './subscription.ts';
import { framed } from './wire.ts';

/** `te` tells that trailers are understood; no `grpc-encoding`, so messages must come uncompressed. */
const OWN_FIELDS = { 'content-type': 'application/grpc', te: 'trailers', 'user-agent': 'pushbench' };

/** Bytes of an id that a double does not hold exactly are kept as its decimal text. */
const EXACT_HIGH = 2 ** 21;

/** gRPC calls that stream, over HTTP/2 (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
export class GrpcProtocol implements StreamProtocol, FrameSink {
  readonly uplink: Uplink | null;
  readonly #method: GrpcMethod;
  readonly #isSecure: boolean;
  readonly #sink: ProtocolSink;
  readonly #frames: MessageFrames;
  /** Last request fields: the same for all slots of one address, so that streams share them. */
  #fields: readonly string[] = [];

  constructor(method: GrpcMethod, isSecure: boolean, sink: ProtocolSink) {
    this.#method = method;
    this.#isSecure = isSecure;
    this.#sink = sink;
    this.#frames = new MessageFrames(method, this);
    const encode = (saying: Saying, bytes: Uint8Array) => framed(sayingMessage(method, saying, bytes));
    this.uplink = method.say === null ? null : { kind: 'stream', encode };
  }

  request(target: ConnectTarget, lastId: string | null): StreamRequest {
    const { path, topic } = callOf(target.path);
    const fields = requestFields(target, this.#isSecure, 'POST', path, OWN_FIELDS);
    if (!sameTexts(fields, this.#fields)) this.#fields = fields;
    return {
      fields: this.#fields,
      body: framed(subscriptionMessage(this.#method, topic, lastId)),
      isWhole: this.#method.kind === 'server-stream',
    };
  }

  refusal(slot: number, head: ResponseHead): CloseDetail | null {
    const status = head[':status'] ?? 0;
    if (status !== 200) return statusDetail(status, head.location ?? null);
    const contentType = head['content-type'];
    if (!isGrpc(contentType)) return grpcContentTypeDetail(contentType);
    // An answer of nothing but trailers.
    return head['grpc-status'] === undefined ? null : this.#end(slot, head, false);
  }

  onBytes(slot: number, bytes: Uint8Array, receivedUs: number): void {
    this.#frames.take(slot, bytes, receivedUs);
  }

  trailers(slot: number, fields: IncomingHttpHeaders): CloseDetail {
    return this.#end(slot, fields, true);
  }

  endWithoutTrailers(): CloseDetail {
    return protocolDetail(MISSING_STATUS);
  }

  endsInside(slot: number): string | null {
    return this.#frames.isBetweenMessages(slot) ? null : 'the stream ended inside a message';
  }

  reset(slot: number): void {
    this.#frames.reset(slot);
  }

  event(slot: number, event: EventReader, receivedUs: number): void {
    const { kind } = event;
    if (kind === EVENT_KIND.heartbeat) {
      this.#sink.heartbeats(slot, 1);
      return;
    }
    this.#keepId(slot, event.idHigh, event.idLow);
    if (kind === EVENT_KIND.gap) this.#sink.gap(slot);
    else if (kind === EVENT_KIND.message || kind === EVENT_KIND.typing) {
      this.#sink.message(slot, event.data, event.dataStart, event.dataEnd, receivedUs);
    }
  }

  fault(slot: number, what: string): void {
    this.#sink.fault(slot, what);
  }

  isLive(slot: number): boolean {
    return this.#sink.isLive(slot);
  }

  #keepId(slot: number, high: number, low: number): void {
    if (high === 0 && low === 0) return;
    if (high < EXACT_HIGH) {
      this.#sink.lastIdNumber(slot, high * 2 ** 32 + low);
      return;
    }
    const text = Buffer.from(((BigInt(high) << 32n) | BigInt(low)).toString(), 'latin1');
    this.#sink.lastId(slot, text, 0, text.length);
  }

  #end(slot: number, fields: IncomingHttpHeaders, wasLive: boolean): CloseDetail {
    const delay = fields['retry-after'];
    const delayMs = retryAfterMs(Array.isArray(delay) ? delay[0] : delay);
    if (delayMs !== null) this.#sink.retryAfter(slot, delayMs);
    return trailersEnd(fields, wasLive);
  }
}

function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(\+proto)?\s*(;|$)/i.test(contentType);
}

function grpcContentTypeDetail(contentType: string | undefined): CloseDetail {
  const seen = contentType === undefined ? 'no content type' : `content type ${contentType}`;
  return { reason: 'bad-content-type', detail: `${seen}, not application/grpc`, retryable: false };
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, i) => text === other[i]);
}
