import type { Encoding } from '../../contract/pushServer.ts';
import { EventMessage, fieldsOf } from '../encoding.ts';
import type { Event } from '../event.ts';
import { NO_ID, type PushEvent, type ReplayGap } from '../replay.ts';

/** First byte of a frame that is a whole message (RFC 6455, section 5.2): FIN and the opcode. */
const TEXT = 0x81;
const BINARY = 0x82;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const MAX_7_BIT_LENGTH = 125;
const MAX_16_BIT_LENGTH = 0xffff;

/** An empty ping. */
export const PING_FRAME = Buffer.from([0x89, 0x00]);

/** What a message of the server holds: a string goes out as text, bytes go out as binary. */
export type Payload = string | Buffer;
export type PayloadOf = (event: PushEvent) => Payload;

/** The id comes first, so that a client finds it without reading the rest. Bodies are UTF-8. */
function jsonPayload({ id, topic, data }: PushEvent): string {
  if (id === NO_ID) return JSON.stringify({ type: 'typing', topic, payload: data.toString() });
  return JSON.stringify({ id, type: 'message', topic, payload: data.toString() } satisfies Event<string>);
}

/** Id, line feed, body; a body that is no UTF-8 is made so, since a client must end a connection that sends such text. */
function textPayload({ id, data }: PushEvent): string {
  return `${id === NO_ID ? '' : id}\n${data.toString()}`;
}

function protobufPayload(event: PushEvent): Buffer {
  const { buffer, byteOffset, length } = EventMessage.encode(fieldsOf(event)).finish();
  return Buffer.from(buffer, byteOffset, length);
}

export const PAYLOADS: Readonly<Record<Encoding, PayloadOf>> = {
  json: jsonPayload,
  text: textPayload,
  protobuf: protobufPayload,
};

/** One unmasked, unfragmented frame, as servers send it. */
export function messageFrame(payload: Payload): Buffer {
  if (typeof payload !== 'string') {
    const { frame, at } = startFrame(BINARY, payload.length);
    payload.copy(frame, at);
    return frame;
  }
  const { frame, at } = startFrame(TEXT, Buffer.byteLength(payload));
  frame.write(payload, at);
  return frame;
}

export function gapFrame({ from, to }: ReplayGap): Buffer {
  return messageFrame(JSON.stringify({ type: 'gap', from, to }));
}

/** A frame with its head written; the payload belongs at `at`. */
function startFrame(first: number, length: number): { frame: Buffer; at: number } {
  const at = length <= MAX_7_BIT_LENGTH ? 2 : length <= MAX_16_BIT_LENGTH ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + length);
  frame[0] = first;
  if (at === 2) frame[1] = length;
  else if (at === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, at };
}
