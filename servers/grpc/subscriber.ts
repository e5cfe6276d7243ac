import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { NOTHING_HANDED } from '../flow/flowController.ts';
import type { Refusal } from '../flow/refusal.ts';
import type { Chunk, Stream } from '../node/streams.ts';
import type { AdmittedCall } from './admission.ts';
import type { ChatRequest, Decoded, SubscribeRequest } from './pushProto.ts';
import { type EndStatus, exhausted } from './statuses.ts';

export type SubscribeCall = ServerWritableStream<Decoded<SubscribeRequest>, Chunk>;
export type ChatCall = ServerDuplexStream<Decoded<ChatRequest>, Chunk>;

/** One stream of events: its sink counts messages, as every stream of gRPC does. */
export class Subscriber implements Stream {
  readonly sink: SubscribeCall | ChatCall;
  readonly topic: string;
  readonly timer = null;
  isOpen = true;
  handedMessages: number = NOTHING_HANDED.handedMessages;
  handedBytes: number = NOTHING_HANDED.handedBytes;
  isStalled: boolean = NOTHING_HANDED.isStalled;
  readonly #call: AdmittedCall;

  constructor(sink: SubscribeCall | ChatCall, topic: string, call: AdmittedCall) {
    this.sink = sink;
    this.topic = topic;
    this.#call = call;
  }

  refuse(refusal: Refusal): void {
    this.end(exhausted('reads too slowly', refusal));
  }

  /** At once: what waits in the sink is dropped. What the transport has already is sent before the status. */
  end(status: EndStatus): void {
    this.#call.sendStatus(status);
    // Its sink would go on with what waits in it once the transport has room, behind the status.
    this.sink.destroy();
  }

  /** After what waits in the sink, as gRPC ends a stream by an error. */
  endAfterRest(status: EndStatus): void {
    if (this.sink.writableLength === 0) this.end(status);
    else this.sink.emit('error', status);
  }
}
