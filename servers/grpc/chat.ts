import { type AdmittedCall, takeCall } from './admission.ts';
import type { Publishing } from './publishing.ts';
import type { ChatRequest, Decoded } from './pushProto.ts';
import { failedPrecondition, invalidArgument } from './statuses.ts';
import type { ChatCall, Subscriber } from './subscriber.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface ChatParts {
  readonly subscriptions: Subscriptions;
  readonly publishing: Publishing;
}

/** Handler of `Chat`: the first request joins a room, the others are for its members. */
export function chatHandler(parts: ChatParts): (sink: ChatCall) => void {
  return (sink) => {
    const call = takeCall(sink.metadata);
    const member = new Member(parts, sink, call);
    sink.on('data', (request: Decoded<ChatRequest>) => member.take(request));
    sink.on('end', () => member.ended());
  };
}

/** One client of a room. Once it has ended its half it says nothing more, and still receives. */
class Member {
  readonly #parts: ChatParts;
  readonly #sink: ChatCall;
  readonly #call: AdmittedCall;
  #subscriber: Subscriber | null = null;

  constructor(parts: ChatParts, sink: ChatCall, call: AdmittedCall) {
    this.#parts = parts;
    this.#sink = sink;
    this.#call = call;
  }

  take(request: Decoded<ChatRequest>): void {
    if (request.state === 'damaged') {
      this.#call.sendStatus(invalidArgument(request.fault));
    } else if (this.#subscriber === null) this.#join(request.message);
    else this.#say(this.#subscriber, request.message);
  }

  ended(): void {
    if (this.#subscriber === null) this.#call.sendStatus(failedPrecondition('it ended before it joined'));
  }

  #join(request: ChatRequest): void {
    if (request.what === 'join') {
      this.#subscriber = this.#parts.subscriptions.open(this.#call, this.#sink, request.join);
    } else this.#call.sendStatus(failedPrecondition(`a ${request.what} came before the join`));
  }

  #say({ topic }: Subscriber, request: ChatRequest): void {
    if (request.what === 'join') {
      this.#call.sendStatus(failedPrecondition('it joined a second time'));
    } else if (request.what === 'typing') this.#parts.publishing.relay(topic, request.data);
    else void this.#publish(topic, request.data);
  }

  /** Reads no further until the message is taken, so that a client that says more than can be taken has to wait. */
  async #publish(topic: string, data: Buffer): Promise<void> {
    this.#sink.pause();
    const taken = await this.#parts.publishing.take(topic, [data]);
    if (taken.state === 'refused') this.#call.sendStatus(taken.status);
    else this.#sink.resume();
  }
}
