import { deflateSync, inflateSync } from 'node:zlib';

/** Typed arrays as deflated base64: most of what is sent is zeros, and a control message stays under 1 MB. */
export function packArray(array: Uint32Array | Int32Array): string {
  return deflateSync(Buffer.from(array.buffer, array.byteOffset, array.byteLength), { level: 1 }).toString(
    'base64',
  );
}

function bytesOf(packed: string): ArrayBuffer {
  const inflated = inflateSync(Buffer.from(packed, 'base64'));
  const copy = new ArrayBuffer(inflated.length);
  new Uint8Array(copy).set(inflated);
  return copy;
}

export function unpackUint32(packed: string): Uint32Array {
  return new Uint32Array(bytesOf(packed));
}

export function unpackInt32(packed: string): Int32Array {
  return new Int32Array(bytesOf(packed));
}
