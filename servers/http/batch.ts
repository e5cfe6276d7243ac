import { isTopic, TOPIC_RULE } from '../topics.ts';

export interface BatchRecord {
  readonly topic: string;
  readonly data: Buffer;
}

export type ParsedBatch =
  | { readonly state: 'parsed'; readonly records: readonly BatchRecord[] }
  | { readonly state: 'damaged'; readonly fault: string };

const SPACE = 0x20;
const LINE_FEED = 0x0a;
/** Longest head of a record: a topic, a space and a length of ten digits. */
const MAX_HEAD_BYTES = 140;

/** Parses the records of a batch body, see `contract/ingest.ts`. Data are views of `body`, not copies. */
export function parseBatch(body: Buffer): ParsedBatch {
  const records: BatchRecord[] = [];
  let at = 0;
  while (at < body.length) {
    const space = body.indexOf(SPACE, at);
    const lineEnd = space < 0 ? -1 : body.indexOf(LINE_FEED, space);
    if (lineEnd < 0 || lineEnd - at > MAX_HEAD_BYTES) return damaged(records, at, 'its head has no end');
    const topic = body.toString('latin1', at, space);
    if (!isTopic(topic)) return damaged(records, at, TOPIC_RULE);
    const start = lineEnd + 1;
    const end = start + decimal(body, space + 1, lineEnd);
    if (Number.isNaN(end)) return damaged(records, at, 'its length is not a decimal number');
    if (body[end] !== LINE_FEED) return damaged(records, at, 'its data does not end where its length says');
    records.push({ topic, data: body.subarray(start, end) });
    at = end + 1;
  }
  if (records.length === 0) return { state: 'damaged', fault: 'the batch holds no record' };
  return { state: 'parsed', records };
}

function damaged(records: readonly BatchRecord[], at: number, what: string): ParsedBatch {
  return { state: 'damaged', fault: `record ${records.length} at byte ${at}: ${what}` };
}

/** Value of the digits in `[from, to)`; NaN where there is none or another character. */
function decimal(bytes: Buffer, from: number, to: number): number {
  let value = from < to ? 0 : Number.NaN;
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}
