import { type AdmittedCall, takeCall } from './admission.ts';
import type { Publishing } from './publishing.ts';
import type { ChatRequest, Decoded } from './pushProto.ts';
import { type EndStatus, failedPrecondition, invalidArgument } from './statuses.ts';
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
  #isOver = false;

  constructor(parts: ChatParts, sink: ChatCall, call: AdmittedCall) {
    this.#parts = parts;
    this.#sink = sink;
    this.#call = call;
  }

  take(request: Decoded<ChatRequest>): void {
    // Sent before the client knew that its call has ended: what follows a refused request is not taken.
    if (this.#isOver) return;
    if (request.state === 'damaged') this.#end(invalidArgument(request.fault));
    else if (this.#subscriber === null) this.#join(request.message);
    else this.#say(this.#subscriber, request.message);
  }

  ended(): void {
    if (this.#subscriber === null && !this.#isOver)
      this.#end(failedPrecondition('it ended before it joined'));
  }

  #join(request: ChatRequest): void {
    if (request.what === 'join') {
      this.#subscriber = this.#parts.subscriptions.open(this.#call, this.#sink, request.join);
      this.#isOver = this.#subscriber === null;
    } else this.#end(failedPrecondition(`a ${request.what} came before the join`));
  }

  #say({ topic }: Subscriber, request: ChatRequest): void {
    if (request.what === 'join') this.#end(failedPrecondition('it joined a second time'));
    else if (request.what === 'typing') this.#relay(topic, request.data);
    else void this.#publish(topic, request.data);
  }

  #relay(topic: string, data: Buffer): void {
    const refusal = this.#parts.publishing.relay(topic, data);
    if (refusal !== null) this.#end(refusal);
  }

  /** Reads no further until the message is taken, so that a client that says more than can be taken has to wait. */
  async #publish(topic: string, data: Buffer): Promise<void> {
    this.#sink.pause();
    const taken = await this.#parts.publishing.take(topic, [data]);
    if (taken.state === 'refused') this.#end(taken.status);
    else this.#sink.resume();
  }

  #end(status: EndStatus): void {
    this.#isOver = true;
    this.#call.sendStatus(status);
  }
}
