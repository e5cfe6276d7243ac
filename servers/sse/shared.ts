/*
 * One step from `cancellable`: each event is encoded once, and the one Buffer is written to every stream of its
 * topic (`pooled` still encodes it for each connection).
 * One heartbeat timer serves all streams instead of one timer each.
 */
import { ENCODERS } from '../encoding.ts';
import { Heartbeat } from '../node/heartbeat.ts';
import type { PushEvent } from '../replay.ts';
import { eventFrame, heartbeatFrame } from './frames.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant({ options, streams }: VariantContext): Variant {
  const encode = ENCODERS[options.encoding];
  const beat = options.heartbeat === 'none' ? null : Buffer.from(heartbeatFrame(options.heartbeat));
  const heartbeat = new Heartbeat(streams, beat, options.heartbeatMs);

  function frame(event: PushEvent): Buffer {
    event.frame ??= Buffer.from(eventFrame(event, encode));
    return event.frame;
  }

  return {
    frame,
    opened(stream) {
      stream.sink.on('close', () => streams.free(stream));
    },
    deliver(events, subscribers) {
      const bytes = events.length === 1 ? frame(events[0]) : Buffer.concat(events.map(frame));
      for (const stream of subscribers) streams.write(stream, bytes, events.length);
    },
    start: () => heartbeat.start(),
    stop: () => heartbeat.stop(),
  };
}
