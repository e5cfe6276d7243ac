const GAP = Buffer.from('{"type":"gap"');
const HEARTBEAT = Buffer.from('{"type":"heartbeat"');
const ID = Buffer.from('{"id":');

const LF = 10;
const COMMA = 44;
const BRACE = 125;
const ZERO = 48;
const NINE = 57;

/** Bytes of the prefixes below: longer ids than this are no ids of ours. */
const MAX_DIGITS = 20;

export type MessageKind = 'message' | 'gap' | 'heartbeat';

/** What our own server says besides messages; anything else is a message. */
export function messageKind(bytes: Uint8Array, start: number, end: number): MessageKind {
  if (startsWith(bytes, start, end, GAP)) return 'gap';
  return startsWith(bytes, start, end, HEARTBEAT) ? 'heartbeat' : 'message';
}

/** Where the digits of an id stand; one for all, overwritten by each {@link findTextId}. */
export const idSpan = { start: 0, end: 0 };

/**
 * Finds the id that a text message begins with: `{"id":17,` of JSON, or `17` and LF before the body.
 * @returns false where there is none: such messages cannot be resumed after.
 */
export function findTextId(bytes: Uint8Array, start: number, end: number): boolean {
  const isJson = startsWith(bytes, start, end, ID);
  idSpan.start = isJson ? start + ID.length : start;
  const limit = Math.min(end, idSpan.start + MAX_DIGITS + 1);
  let at = idSpan.start;
  while (at < limit && bytes[at] >= ZERO && bytes[at] <= NINE) at++;
  idSpan.end = at;
  if (at === idSpan.start || at === limit) return false;
  return isJson ? bytes[at] === COMMA || bytes[at] === BRACE : bytes[at] === LF;
}

/**
 * The id of a binary message that is `Event { uint64 id = 1; string topic = 2; … }` in protobuf's wire format.
 * @returns -1 where it is none, or its id is not exact in a double.
 */
export function binaryId(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || bytes[start] !== 0x08) return -1;
  let id = 0;
  let scale = 1;
  for (let at = start + 1; at < end && scale <= 2 ** 49; at++) {
    id += (bytes[at] & 127) * scale;
    scale *= 128;
    if (bytes[at] < 128) return bytes[at + 1] === 0x12 && Number.isSafeInteger(id) ? id : -1;
  }
  return -1;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}
