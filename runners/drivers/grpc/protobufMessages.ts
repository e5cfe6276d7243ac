import { Field, type Message, Type } from 'protobufjs';
import type { GrpcMethod } from '../../../contract/grpc.ts';
import type { Saying } from '../../../contract/loadDriver.ts';

/** An event as protobufjs reads it. */
export interface DecodedEvent {
  readonly data: Uint8Array;
  /** Decimal; `0`: there is none. */
  readonly id: string;
  readonly kind: number;
}

/** Messages of a method by protobufjs, as users of grpc-js have them: the types are built from the field numbers. */
export class ProtobufMessages {
  readonly #method: GrpcMethod;
  readonly #event: Type;

  constructor(method: GrpcMethod) {
    this.#method = method;
    this.#event = new Type('Event').add(new Field('data', method.dataField, 'bytes'));
    if (method.idField !== null) this.#event.add(new Field('id', method.idField, 'uint64'));
    if (method.kindField !== null) this.#event.add(new Field('kind', method.kindField, 'uint32'));
  }

  subscription(topic: string, lastId: string | null): Uint8Array {
    const { topicField, lastIdField } = this.#method;
    const tree = new Type('Request');
    const value: Fields = {};
    if (topicField !== null) put(tree, value, topicField, 'string', topic);
    if (lastIdField !== null && lastId !== null) put(tree, value, lastIdField, 'uint64', lastId);
    return tree.encode(tree.fromObject(value)).finish();
  }

  /** @throws RangeError where the client says nothing by this method. */
  saying(saying: Saying, bytes: Uint8Array): Uint8Array {
    const fields = this.#method.say;
    if (fields === null) throw new RangeError(`${this.#method.path} has no message of the client's own`);
    const type = new Type('Request').add(new Field('said', fields[saying], 'bytes'));
    return type.encode(type.create({ said: bytes })).finish();
  }

  /** @throws RangeError or Error where the bytes are no such message. */
  event(bytes: Uint8Array): DecodedEvent {
    return shown(this.#event.decode(bytes), this.#event);
  }
}

interface Fields {
  [name: string]: string | Fields;
}

/** Puts a value where a path of field numbers says, making the messages on the way. */
function put(type: Type, value: Fields, path: readonly number[], kind: string, leaf: string): void {
  const name = `f${path[0]}`;
  if (path.length === 1) {
    type.add(new Field(name, path[0], kind));
    value[name] = leaf;
    return;
  }
  let inner = type.nested?.[`M${path[0]}`];
  if (!(inner instanceof Type)) {
    inner = new Type(`M${path[0]}`);
    type.add(inner).add(new Field(name, path[0], `M${path[0]}`));
  }
  const known = value[name];
  const innerValue: Fields = typeof known === 'object' ? known : {};
  value[name] = innerValue;
  if (inner instanceof Type) put(inner, innerValue, path.slice(1), kind, leaf);
}

function shown(message: Message, type: Type): DecodedEvent {
  const { data, id, kind } = type.toObject(message, { longs: String, defaults: true });
  return {
    data: data instanceof Uint8Array ? data : new Uint8Array(0),
    id: typeof id === 'string' ? id : '0',
    kind: typeof kind === 'number' ? kind : 0,
  };
}
