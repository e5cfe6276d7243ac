import type { Encoding } from '../../contract/pushServer.ts';
import { ENCODERS, EventMessage } from '../encoding.ts';
import type { PushEvent } from '../replay.ts';

export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
  protobuf: 'application/x-protobuf',
};

/**
 * One event as the body of an answer. Text stays a string: node:http then sends head and body in one piece.
 * A response takes bytes as they are, so Protobuf needs no base64 here.
 */
export function encodeEvent(event: PushEvent, encoding: Encoding): string | Buffer {
  return encoding === 'protobuf' ? bufferOf(EventMessage.encode(event).finish()) : ENCODERS[encoding](event);
}

/** Several events after each other, each behind its length (varint): how Protobuf streams messages. */
export function encodeDelimited(events: readonly PushEvent[]): Buffer {
  return Buffer.concat(events.map((event) => bufferOf(EventMessage.encodeDelimited(event).finish())));
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
