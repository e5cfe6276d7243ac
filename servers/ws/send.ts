/*
 * The first rung: every connection encodes each event for itself and hands it to `ws`, which makes a frame of it
 * and writes head and payload.
 */
import { messageFrame, PAYLOADS } from './frames.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant({ options, streams }: VariantContext): Variant {
  const payloadOf = PAYLOADS[options.encoding];

  return {
    frame: (event) => messageFrame(payloadOf(event)),
    deliver(events, subscribers) {
      for (const connection of subscribers) {
        for (const event of events) {
          if (!streams.hasRoom(connection)) break;
          connection.send(payloadOf(event));
          streams.wrote(connection, !connection.sink.writableNeedDrain, 1);
        }
      }
    },
  };
}
