import type { Encoding } from '../contract/pushServer.ts';
import type { EncodingRow } from '../contract/result.ts';
import { ENCODERS, EventMessage } from './encoding.ts';
import type { PushEvent } from './replay.ts';

const ENCODINGS: readonly Encoding[] = ['json', 'text', 'protobuf'];
/** Rounds are timed in blocks; the fastest block stands for the cost without interruptions. */
const BLOCKS = 40;
const ROUNDS_PER_BLOCK = 250;

/** What a client does with the data of an event, by encoding. */
const PARSERS: Readonly<Record<Encoding, (text: string) => unknown>> = {
  json: (text) => JSON.parse(text),
  text: (text) => text,
  protobuf: (text) => EventMessage.decode(Buffer.from(text, 'base64')),
};

function fastestNs(work: () => unknown): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let block = 0; block < BLOCKS; block++) {
    const startedNs = process.hrtime.bigint();
    for (let i = 0; i < ROUNDS_PER_BLOCK; i++) work();
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - startedNs) / ROUNDS_PER_BLOCK);
  }
  return fastest;
}

/**
 * The article's encoding table for one payload size: bytes of event data on the wire, nanoseconds to make them from
 * the published body and to read them back. Takes a fraction of a second.
 */
export function measureEncodings(payloadBytes: number): EncodingRow[] {
  const event: PushEvent = { id: 1_000_000, topic: 't1', data: Buffer.alloc(payloadBytes, 'a'), frame: null };
  return ENCODINGS.map((encoding) => {
    const encode = ENCODERS[encoding];
    const parse = PARSERS[encoding];
    const text = encode(event);
    return {
      encoding,
      bytes: Buffer.byteLength(text),
      encodeNs: fastestNs(() => encode(event)),
      parseNs: fastestNs(() => parse(text)),
    };
  });
}
