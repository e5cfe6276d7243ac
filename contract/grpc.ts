/**
 * How a gRPC client subscribes, down to the bytes: methods by path, fields by number, so that no load worker parses a
 * `.proto`. For servers of our own these are the numbers of `servers/grpc/pushbench/v1/push.proto`.
 */
export interface GrpcMethod {
  /** `bidi`: the request is the first message of a stream that stays open. */
  readonly kind: 'server-stream' | 'bidi';
  /** Path of the call, e.g. `/pushbench.v1.Push/Subscribe`. */
  readonly path: string;
  /** Path of field numbers to the topic in the request, e.g. `[1]`; null: it has none. */
  readonly topicField: readonly number[] | null;
  /** The same to the last id that the client saw (uint64); null: the server cannot resume. */
  readonly lastIdField: readonly number[] | null;
  /** Field with the message's data in what is streamed back: string or bytes. */
  readonly dataField: number;
  /** Field with the id of an event (uint64); null: it has none. */
  readonly idField: number | null;
  /** Field that says what an event is (`EVENT_KIND`); null: all are messages. */
  readonly kindField: number | null;
  /** Fields of what a client says on a bidirectional stream; null: it says nothing. */
  readonly say: { readonly message: number; readonly typing: number } | null;
}

/** Values of `EventKind` in push.proto. */
export const EVENT_KIND = { message: 0, heartbeat: 1, gap: 2, typing: 3 } as const;

const EVENT_FIELDS = { dataField: 3, idField: 1, kindField: 4 } as const;

export const SUBSCRIBE_METHOD: GrpcMethod = {
  ...EVENT_FIELDS,
  kind: 'server-stream',
  path: '/pushbench.v1.Push/Subscribe',
  topicField: [1],
  lastIdField: [2],
  say: null,
};

/** The first message is `join`, field 1, with the fields of a subscription. */
export const CHAT_METHOD: GrpcMethod = {
  ...EVENT_FIELDS,
  kind: 'bidi',
  path: '/pushbench.v1.Push/Chat',
  topicField: [1, 1],
  lastIdField: [1, 2],
  say: { message: 2, typing: 3 },
};

/** Unary call that publishes messages of one topic. */
export const PUBLISH_PATH_GRPC = '/pushbench.v1.Push/Publish';

/** Fields of a request to publish one message: its topic (null: it has none), and its data. */
export interface PublishFields {
  readonly topic: number | null;
  readonly data: number;
}

export const PUBLISH_FIELDS_GRPC: PublishFields = { topic: 1, data: 2 };
