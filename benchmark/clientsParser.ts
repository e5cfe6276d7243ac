import { ChunkedDecoder } from '../runners/drivers/chunked.ts';
import { LastIds } from '../runners/drivers/lastIds.ts';
import { type EventSink, EventStreamParser } from '../runners/drivers/sse/eventStream.ts';

export const PAYLOADS_BYTES = [64, 256, 1_024];
const EVENTS = 100_000;
/** The best counts: the first ones compile, and on a busy machine others disturb. */
const REPEATS = 5;

/** Cost of one event in the lean driver, from the bytes of a read to the message: no socket, no recording. */
export interface ParserFigures {
  readonly payloadBytes: number;
  /** A chunk that holds the whole event, in one read: what servers send. */
  readonly wholeNs: number;
  /** The same, with the read ending in the middle of the data. */
  readonly splitNs: number;
}

/** Times chunked decoder, event parser and last-id table together. About a second. */
export function benchmarkParser(): ParserFigures[] {
  return PAYLOADS_BYTES.map((payloadBytes) => ({
    payloadBytes,
    wholeNs: nsPerEvent(payloadBytes, 1),
    splitNs: nsPerEvent(payloadBytes, 2),
  }));
}

class CountingSink implements EventSink {
  messages = 0;
  readonly #lastIds = new LastIds(1);

  message(): void {
    this.messages++;
  }
  heartbeats(): void {}
  gap(): void {}
  retryAfter(): void {}
  lastId(slot: number, bytes: Uint8Array, start: number, end: number): void {
    this.#lastIds.take(slot, bytes, start, end);
  }
  isLive(): boolean {
    return true;
  }
}

function nsPerEvent(payloadBytes: number, reads: 1 | 2): number {
  const sink = new CountingSink();
  const parser = new EventStreamParser(1, sink);
  const decoder = new ChunkedDecoder(1, {
    body: (slot, bytes, start, end, receivedUs) => parser.parse(slot, bytes, start, end, receivedUs),
  });
  const event = `id: 123456\ndata: ${'x'.repeat(payloadBytes)}\n\n`;
  const bytes = Buffer.from(`${event.length.toString(16)}\r\n${event}\r\n`, 'latin1');
  const splitAt = reads === 1 ? 0 : bytes.length >> 1;
  return bestNs((i) => {
    if (splitAt > 0) decoder.decode(0, bytes, 0, splitAt, i);
    decoder.decode(0, bytes, splitAt, bytes.length, i);
  });
}

/** Nanoseconds of one call, in the best of several rows of calls. */
export function bestNs(parseOne: (i: number) => void): number {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let row = 0; row < REPEATS; row++) {
    const startMs = performance.now();
    for (let i = 0; i < EVENTS; i++) parseOne(i);
    bestMs = Math.min(bestMs, performance.now() - startMs);
  }
  return (bestMs * 1e6) / EVENTS;
}
