/** Wire types of protocol buffers (https://protobuf.dev/programming-guides/encoding/#structure); groups are not read. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Bytes of the longest varint: 64 bits by seven. */
export const MAX_VARINT_BYTES = 10;

/** Bytes before a message: a flag and the length (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
export const FRAME_HEAD_BYTES = 5;

function varint(value: bigint): number[] {
  const bytes = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

/** A field whose value is bytes: text, a message within a message. */
export function bytesField(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([tag(field, WIRE.bytes), Buffer.from(varint(BigInt(value.length))), value]);
}

/** A field whose value is an unsigned number of up to 64 bits. */
export function numberField(field: number, value: bigint): Buffer {
  return Buffer.concat([tag(field, WIRE.varint), Buffer.from(varint(value))]);
}

function tag(field: number, wireType: number): Buffer {
  return Buffer.from(varint((BigInt(field) << 3n) | BigInt(wireType)));
}

/** A message as it travels on a call: uncompressed, its length before it. */
export function framed(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(FRAME_HEAD_BYTES + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, FRAME_HEAD_BYTES);
  return bytes;
}
