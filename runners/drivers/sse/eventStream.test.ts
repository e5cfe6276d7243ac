import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  emptyReading,
  randomParts,
  randomStream,
  referenceReading,
  type StreamReading,
  seededRandom,
} from '../../../test/driverConformanceStreams.ts';
import { type EventSink, EventStreamParser } from './eventStream.ts';

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString('latin1');

/** Keeps what the parser tells; goes deaf after `limit` messages. */
class ReadingSink implements EventSink {
  readonly reading: StreamReading = emptyReading();
  readonly limit: number;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.limit = limit;
  }

  message(_slot: number, bytes: Uint8Array, start: number, end: number): void {
    this.reading.messages.push(latin1(bytes, start, end));
  }
  heartbeats(_slot: number, count: number): void {
    this.reading.heartbeats += count;
  }
  gap(): void {
    this.reading.gaps++;
  }
  retryAfter(_slot: number, milliseconds: number): void {
    this.reading.retries.push(milliseconds);
  }
  lastId(_slot: number, bytes: Uint8Array, start: number, end: number): void {
    this.reading.lastId = start === end ? null : latin1(bytes, start, end);
  }
  isLive(): boolean {
    return this.reading.messages.length < this.limit;
  }
}

/** Parses the parts one after the other, each from a buffer that is overwritten afterwards. */
function parse(parts: readonly string[], sink = new ReadingSink()): StreamReading {
  const parser = new EventStreamParser(1, sink);
  for (const part of parts) {
    const bytes = Buffer.from(`##${part}##`, 'latin1');
    parser.parse(0, bytes, 2, bytes.length - 2, 1);
    bytes.fill(35);
  }
  return sink.reading;
}

/** A retry line counts at once when an event is split, and with its event when not: only the last one matters. */
const comparable = (reading: StreamReading) => ({ ...reading, retries: reading.retries.at(-1) });

const SAMPLE = [
  '\u00ef\u00bb\u00bf: ping\n\n',
  'retry: 250\n\n',
  'id: 1\nevent: message\ndata: first\ndata: more\n\n',
  'id: 2\r\ndata:no blank\r\n\r\n',
  'id: three\rdata: bare CR\r\r',
  ': comment\nevent: heartbeat\ndata\n\n',
  'event: gap\ndata: {"from":3}\n\n',
  'id: 4\n\n',
  'data\n\n',
  'event: named\ndata: last one\n: ping\n\n',
  'id: 99\ndata: half',
].join('');

describe('event stream parser', () => {
  it('reads a stream in one piece as the standard says', () => {
    assert.deepEqual(parse([SAMPLE]), {
      messages: ['first', 'no blank', 'bare CR', '', 'last one'],
      gaps: 1,
      heartbeats: 3,
      retries: [250],
      lastId: '4',
    });
  });

  it('reads the same when the stream is split anywhere', () => {
    const whole = parse([SAMPLE]);
    assert.deepEqual(comparable(whole), comparable(referenceReading(SAMPLE)));
    assert.deepEqual(parse([...SAMPLE]), whole, 'byte by byte');
    for (let at = 0; at <= SAMPLE.length; at++) {
      assert.deepEqual(parse([SAMPLE.slice(0, at), SAMPLE.slice(at)]), whole, `split at ${at}`);
    }
  });

  it('agrees with a plain parser on random streams, split at random', () => {
    for (let seed = 1; seed <= 3_000; seed++) {
      const random = seededRandom(seed);
      const stream = randomStream(random);
      const reading = parse(randomParts(stream, random));
      assert.deepEqual(comparable(reading), comparable(referenceReading(stream)), `seed ${seed}`);
    }
  });

  it('takes bytes that only begin like a byte order mark for a line', () => {
    const stream = '\u00ef\u00bbdata: no\n\ndata: yes\n\n';
    for (const parts of [[stream], [...stream]]) assert.deepEqual(parse(parts).messages, ['yes']);
  });

  it('keeps the first 256 bytes of long data that came in parts', () => {
    const data = '0123456789abcdef'.repeat(100);
    assert.deepEqual(parse([`data: ${data}`, '\n', '\n']).messages, [data.slice(0, 256)]);
    assert.deepEqual(parse([`data: ${data}\n\n`]).messages, [data]);
  });

  it('tells nothing more of a slot that was closed by what it told', () => {
    const twice = 'data: 1\n\ndata: 2\n\n';
    assert.deepEqual(parse([twice], new ReadingSink(1)).messages, ['1']);
    assert.deepEqual(parse(['data: 1', '\n\ndata: 2\n\n'], new ReadingSink(1)).messages, ['1']);
  });

  it('drops half an event when the connection is another', () => {
    const sink = new ReadingSink();
    const parser = new EventStreamParser(1, sink);
    for (const part of ['data: half\n', '\ndata: whole\n\n']) {
      const bytes = Buffer.from(part, 'latin1');
      parser.parse(0, bytes, 0, bytes.length, 1);
      parser.reset(0);
    }
    assert.deepEqual(sink.reading.messages, ['whole']);
  });
});
