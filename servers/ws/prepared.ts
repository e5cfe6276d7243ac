/*
 * One step from `send`: each event is encoded into one frame once, and the one Buffer is written to every socket of
 * its topic, past the sender of `ws`. Frames of servers are not masked, so they are the same for all (RFC 6455,
 * section 5.3).
 */
import type { PushEvent } from '../replay.ts';
import { messageFrame, PAYLOADS } from './frames.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant({ options, streams }: VariantContext): Variant {
  const payloadOf = PAYLOADS[options.encoding];

  function frame(event: PushEvent): Buffer {
    event.frame ??= messageFrame(payloadOf(event));
    return event.frame;
  }

  return {
    frame,
    deliver(events, subscribers) {
      const bytes = events.length === 1 ? frame(events[0]) : Buffer.concat(events.map(frame));
      for (const connection of subscribers) streams.write(connection, bytes, events.length);
    },
  };
}
