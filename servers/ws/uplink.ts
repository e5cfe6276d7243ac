import { SAY_PREFIX, TYPING_PREFIX } from '../../contract/ingest.ts';
import type { Saying } from '../../contract/loadDriver.ts';
import type { BatchRecord } from '../http/batch.ts';

/** Where what clients say goes. */
export interface Uplink {
  isFull(): boolean;
  accept(records: readonly BatchRecord[]): unknown;
  relay(records: readonly BatchRecord[]): void;
  refused(): void;
}

/** What a client said in its room. */
export interface Said {
  readonly kind: Saying;
  /** A view of the message, not a copy. */
  readonly data: Buffer;
}

const SAY = Buffer.from(SAY_PREFIX);
const TYPING = Buffer.from(TYPING_PREFIX);

/** Reads what a client sent, see `contract/ingest.ts`. @returns null where it says nothing to the room */
export function readSaid(message: Buffer): Said | null {
  if (startsWith(message, SAY)) return { kind: 'message', data: message.subarray(SAY.length) };
  if (startsWith(message, TYPING)) return { kind: 'typing', data: message.subarray(TYPING.length) };
  return null;
}

function startsWith(message: Buffer, prefix: Buffer): boolean {
  return message.length >= prefix.length && message.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
