/** Which node speaks: its name, and when it started, since a node that comes back has the same name. */
export interface NodeIdentity {
  readonly node: string;
  /** Unix time, milliseconds. */
  readonly startedMs: number;
}

/** A connection that joined: its serial, and when, milliseconds since its node's start. */
export type Join = readonly [serial: number, atMs: number];

/** What nodes tell each other of their connections. */
export type Notice = NodeIdentity &
  (
    | { readonly kind: 'changes'; readonly joined: readonly Join[]; readonly left: readonly number[] }
    /** All connections of the node, in one or more parts. */
    | { readonly kind: 'snapshot'; readonly isFirst: boolean; readonly joined: readonly Join[] }
    /** How many connections the node has, everything it announced before included. */
    | { readonly kind: 'beat'; readonly count: number }
    /** The node is new, or was away: it wants a snapshot of every other. */
    | { readonly kind: 'hello' }
    /** What is known of `of` differs from what that node says: it is asked for a snapshot. */
    | { readonly kind: 'ask'; readonly of: string }
    | { readonly kind: 'bye' }
  );

const KINDS = ['changes', 'snapshot', 'beat', 'hello', 'ask', 'bye'] as const;

/**
 * As bytes, big-endian: uint8 kind, uint8 length and name of the node, float64 start, then what the kind holds;
 * lists are a uint32 count and uint32 numbers. A storm of 10,000 joins per second is 80 KB per second so.
 */
export function encodeNotice(notice: Notice): Buffer {
  const head = Buffer.alloc(2 + notice.node.length + 8);
  head.writeUInt8(KINDS.indexOf(notice.kind), 0);
  head.writeUInt8(notice.node.length, 1);
  head.write(notice.node, 2, 'latin1');
  head.writeDoubleBE(notice.startedMs, 2 + notice.node.length);
  return Buffer.concat([head, encodeBody(notice)]);
}

function encodeBody(notice: Notice): Buffer {
  switch (notice.kind) {
    case 'changes':
      return Buffer.concat([list(notice.joined.flat()), list(notice.left)]);
    case 'snapshot':
      return Buffer.concat([list([notice.isFirst ? 1 : 0]), list(notice.joined.flat())]);
    case 'beat':
      return list([notice.count]);
    case 'ask':
      return Buffer.from(notice.of, 'latin1');
    case 'hello':
    case 'bye':
      return Buffer.alloc(0);
    default:
      return notice satisfies never;
  }
}

/** @throws RangeError where the bytes are no notice. */
export function decodeNotice(bytes: Buffer): Notice {
  const kind = KINDS[bytes.readUInt8(0)];
  const nameEnd = 2 + bytes.readUInt8(1);
  const identity = { node: bytes.toString('latin1', 2, nameEnd), startedMs: bytes.readDoubleBE(nameEnd) };
  const body = bytes.subarray(nameEnd + 8);
  switch (kind) {
    case 'changes': {
      const joined = readList(body, 0);
      return { ...identity, kind, joined: pairs(joined), left: readList(body, 4 + 4 * joined.length) };
    }
    case 'snapshot':
      return { ...identity, kind, isFirst: readList(body, 0)[0] === 1, joined: pairs(readList(body, 8)) };
    case 'beat':
      return { ...identity, kind, count: readList(body, 0)[0] };
    case 'ask':
      return { ...identity, kind, of: body.toString('latin1') };
    case 'hello':
    case 'bye':
      return { ...identity, kind };
    default:
      throw new RangeError(`a notice of kind ${bytes[0]} is not one of this bus`);
  }
}

function list(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 + 4 * numbers.length);
  let at = bytes.writeUInt32BE(numbers.length, 0);
  for (const number of numbers) at = bytes.writeUInt32BE(number, at);
  return bytes;
}

function readList(bytes: Buffer, at: number): number[] {
  return Array.from({ length: bytes.readUInt32BE(at) }, (_, i) => bytes.readUInt32BE(at + 4 + 4 * i));
}

function pairs(numbers: readonly number[]): Join[] {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}
