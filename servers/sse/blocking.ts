/*
 * The first rung: every connection encodes each event for itself, concatenates the frame and writes it, and has
 * a heartbeat timer of its own.
 * Nobody watches for a disconnect: a stream is freed when a write to it fails, and not before.
 */
import { ENCODERS } from '../encoding.ts';
import type { PushEvent } from '../replay.ts';
import { eventFrame, heartbeatFrame } from './frames.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant({ options, streams }: VariantContext): Variant {
  const encode = ENCODERS[options.encoding];
  const { heartbeat, heartbeatMs } = options;
  const frame = (event: PushEvent): string => eventFrame(event, encode);

  return {
    frame,
    opened(stream) {
      if (heartbeat === 'none') return;
      const beat = (): void => {
        streams.write(stream, heartbeatFrame(heartbeat), 0);
      };
      stream.timer = setInterval(beat, heartbeatMs);
    },
    deliver(events, subscribers) {
      for (const stream of subscribers) {
        for (const event of events) streams.write(stream, frame(event), 1);
      }
    },
  };
}
