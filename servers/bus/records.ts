import type { BatchRecord } from '../http/batch.ts';
import type { BusMessage } from './bus.ts';

/**
 * Messages of one hand-over as bytes, any body: float64 publishedUs, uint32 count, then for each
 * uint8 topic length, topic, uint32 data length, data. Integers are big-endian.
 */
const HEAD_BYTES = 12;
const RECORD_BYTES = 5;

export function encodeRecords(records: readonly BatchRecord[], publishedUs: number): Buffer {
  let size = HEAD_BYTES;
  for (const { topic, data } of records) size += RECORD_BYTES + topic.length + data.length;
  const bytes = Buffer.allocUnsafe(size);
  bytes.writeDoubleBE(publishedUs, 0);
  bytes.writeUInt32BE(records.length, 8);
  let at = HEAD_BYTES;
  for (const { topic, data } of records) {
    at = bytes.writeUInt8(topic.length, at);
    at += bytes.write(topic, at, 'latin1');
    at = bytes.writeUInt32BE(data.length, at);
    at += data.copy(bytes, at);
  }
  return bytes;
}

/** How many records `bytes` holds. */
export function recordCount(bytes: Buffer): number {
  return bytes.readUInt32BE(8);
}

/**
 * The messages of one hand-over whose last id is `lastId`. Data are views of `bytes`, not copies.
 * @throws RangeError where the bytes end too early.
 */
export function decodeRecords(bytes: Buffer, lastId: number): BusMessage[] {
  const publishedUs = bytes.readDoubleBE(0);
  const count = recordCount(bytes);
  const messages: BusMessage[] = [];
  let at = HEAD_BYTES;
  for (let id = lastId - count + 1; id <= lastId; id++) {
    const topicEnd = at + 1 + bytes.readUInt8(at);
    const dataAt = topicEnd + 4;
    const end = dataAt + bytes.readUInt32BE(topicEnd);
    if (end > bytes.length) throw new RangeError(`a message of ${end - dataAt} bytes is cut short`);
    messages.push({
      id,
      topic: bytes.toString('latin1', at + 1, topicEnd),
      data: bytes.subarray(dataAt, end),
      publishedUs,
    });
    at = end;
  }
  return messages;
}
