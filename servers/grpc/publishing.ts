import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { messageOf } from '../../contract/errors.ts';
import { type IngestSink, IngestUnavailable } from '../http/ingest.ts';
import { isTopic, TOPIC_RULE } from '../topics.ts';
import { takeCall } from './admission.ts';
import type { Decoded, PublishRequest, PublishResponse } from './pushProto.ts';
import {
  type EndStatus,
  exhausted,
  internal,
  invalidArgument,
  TOKEN_ENDED,
  unavailable,
} from './statuses.ts';

type Taken =
  | { readonly state: 'taken'; readonly lastId: number }
  | { readonly state: 'refused'; readonly status: EndStatus };

/** Takes messages in, for `Publish` and for what members of a room say. */
export class Publishing {
  readonly #sink: IngestSink;

  constructor(sink: IngestSink) {
    this.#sink = sink;
  }

  /** Handler of `Publish`. */
  readonly publish = (
    call: ServerUnaryCall<Decoded<PublishRequest>, PublishResponse>,
    answer: sendUnaryData<PublishResponse>,
  ): void => {
    const { isExpired } = takeCall(call.metadata);
    const { request } = call;
    if (isExpired) {
      answer(TOKEN_ENDED);
      return;
    }
    if (request.state === 'damaged') {
      answer(invalidArgument(request.fault));
      return;
    }
    const { topic, data } = request.message;
    void this.take(topic, data).then((taken) => {
      if (taken.state === 'refused') answer(taken.status);
      else answer(null, { accepted: data.length, lastId: taken.lastId });
    });
  };

  /** Resolves when ids are assigned; never rejects. */
  async take(topic: string, data: readonly Buffer[]): Promise<Taken> {
    const refusal = this.#refusalOf(topic, data);
    if (refusal !== null) return { state: 'refused', status: refusal };
    try {
      return { state: 'taken', lastId: await this.#sink.accept(data.map((each) => ({ topic, data: each }))) };
    } catch (error) {
      const details = messageOf(error);
      const status = error instanceof IngestUnavailable ? unavailable(details) : internal(details);
      return { state: 'refused', status };
    }
  }

  /** Passes a typing notice on; it is not kept. @returns why it is not taken; null: it is */
  relay(topic: string, data: Buffer): EndStatus | null {
    const refusal = this.#refusalOf(topic, [data]);
    if (refusal === null) this.#sink.relay?.([{ topic, data }]);
    return refusal;
  }

  #refusalOf(topic: string, data: readonly Buffer[]): EndStatus | null {
    if (!isTopic(topic)) return invalidArgument(TOPIC_RULE);
    if (data.length === 0) return invalidArgument('there is no message in it');
    if (!this.#sink.isFull()) return null;
    return exhausted('too much waits for slow readers', this.#sink.refused());
  }
}
