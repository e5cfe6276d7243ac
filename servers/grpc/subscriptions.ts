import type { Socket } from 'node:net';
import { Metadata } from '@grpc/grpc-js';
import type { CatchUp } from '../node/catchUp.ts';
import type { NodeCore } from '../node/core.ts';
import { Expiries } from '../security/expiries.ts';
import { isTopic, TOPIC_RULE } from '../topics.ts';
import { type AdmittedCall, type ConnectionEnds, takeCall } from './admission.ts';
import type { SubscribeRequest } from './pushProto.ts';
import { CUT_OFF, type EndStatus, exhausted, GOING_AWAY, invalidArgument, TOKEN_ENDED } from './statuses.ts';
import { type SubscribeCall, Subscriber } from './subscriber.ts';

export interface SubscriptionsParts {
  readonly core: NodeCore<Subscriber>;
  readonly catchUp: CatchUp<Subscriber>;
  readonly socketOf: (ends: ConnectionEnds) => Socket | null;
  /** @returns true where the client is ahead of this node: then `join` is called later. */
  readonly delayJoin: (lastEventId: string | null, join: () => void) => boolean;
}

/** Opens streams of events and ends them. */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #expiries = new Expiries<Subscriber>((subscriber) => this.#end(subscriber, TOKEN_ENDED));
  #isClosing = false;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  /** Handler of `Subscribe`. */
  readonly subscribe = (sink: SubscribeCall): void => {
    const call = takeCall(sink.metadata);
    if (sink.request.state === 'damaged') call.sendStatus(invalidArgument(sink.request.fault));
    else this.open(call, sink, sink.request.message);
  };

  /** @returns null where the call is refused, and has ended */
  open(call: AdmittedCall, sink: Subscriber['sink'], { topic, lastId }: SubscribeRequest): Subscriber | null {
    const refusal = this.#refusalOf(call, topic);
    if (refusal !== null) {
      call.sendStatus(refusal);
      return null;
    }
    const subscriber = new Subscriber(sink, topic, call);
    this.#add(subscriber, call);
    // At once: a client that waits for the head of its stream would else wait for the first message.
    sink.sendMetadata(new Metadata());
    this.#answered(call.getConnectionInfo());
    this.#join(subscriber, lastId);
    return subscriber;
  }

  /** Takes no more, and tells every client to go elsewhere, after what waits for it. */
  close(): void {
    this.#isClosing = true;
    const { streams } = this.#parts.core;
    for (const subscriber of [...streams.topics.all(), ...streams.catchingUp]) {
      streams.free(subscriber);
      subscriber.endAfterRest(GOING_AWAY);
    }
  }

  stop(): void {
    this.#expiries.stop();
  }

  #refusalOf(call: AdmittedCall, topic: string): EndStatus | null {
    const { core } = this.#parts;
    if (this.#isClosing) return GOING_AWAY;
    if (call.isExpired) return TOKEN_ENDED;
    if (!isTopic(topic)) return invalidArgument(TOPIC_RULE);
    if (!core.isFull()) return null;
    core.streams.counts.refused++;
    return exhausted('too many subscribers', core.refusalOfConnections());
  }

  #add(subscriber: Subscriber, call: AdmittedCall): void {
    const { streams } = this.#parts.core;
    streams.open(subscriber);
    const { identity } = call;
    if (identity !== null) this.#expiries.closeAt(identity.expiresMs, subscriber);
    subscriber.sink.once('close', () => {
      streams.free(subscriber);
      if (identity !== null) this.#expiries.forget(subscriber);
      // For a stream that was cut: its call is not over. Any other has its status, and takes no second one.
      call.sendStatus(CUT_OFF);
    });
  }

  #answered(ends: ConnectionEnds): void {
    const { core, socketOf } = this.#parts;
    // Of a connection that several streams share, the first one's time counts.
    core.handshakes.answered(socketOf(ends));
  }

  #join(subscriber: Subscriber, lastId: string | null): void {
    const { core, catchUp, delayJoin } = this.#parts;
    const join = (): void => {
      if (subscriber.isOpen) catchUp.join(subscriber, lastId);
    };
    if (delayJoin(lastId, join)) core.streams.catchingUp.add(subscriber);
    else join();
  }

  #end(subscriber: Subscriber, status: EndStatus): void {
    this.#parts.core.streams.free(subscriber);
    subscriber.end(status);
  }
}
