/*
 * One step from `cancellable`: each connection still encodes each event for itself, but puts the frame together in
 * a reused 4 KB buffer, which is what is written: no concatenation, no new bytes for each connection.
 * A buffer goes back to the pool when its write is done (Go's sync.Pool gets it back at once; Node writes later).
 */
import { ENCODERS } from '../encoding.ts';
import type { PushEvent } from '../replay.ts';
import { BufferPool } from './bufferPool.ts';
import { createVariant as createCancellable } from './cancellable.ts';
import { headLine, linesOf } from './frames.ts';
import type { Variant, VariantContext } from './variant.ts';

const LINE_FEED = 0x0a;
/** Room for the id line and the blank line, and for the field name and end of each data line. */
const FIXED_BYTES = 32;
const LINE_BYTES = 7;

/** Writes one frame at the start of `bytes`. @returns its length. */
function writeFrame(bytes: Buffer, event: PushEvent, lines: readonly string[]): number {
  let at = bytes.write(headLine(event), 'latin1');
  for (const line of lines) {
    at += bytes.write('data: ', at, 'latin1');
    at += bytes.write(line, at);
    bytes[at++] = LINE_FEED;
  }
  bytes[at++] = LINE_FEED;
  return at;
}

export function createVariant(context: VariantContext): Variant {
  const { options, streams } = context;
  const encode = ENCODERS[options.encoding];
  const pool = new BufferPool();

  return {
    ...createCancellable(context),
    deliver(events, subscribers) {
      for (const stream of subscribers) {
        for (const event of events) {
          const text = encode(event);
          const lines = linesOf(text);
          const size = Buffer.byteLength(text) + FIXED_BYTES + lines.length * LINE_BYTES;
          const buffer = pool.take(size);
          const frame = buffer.first(writeFrame(buffer.bytes, event, lines));
          // What the stream did not take calls nobody back.
          if (!streams.write(stream, frame, 1, buffer.release)) buffer.release();
        }
      }
    },
  };
}
