/*
 * One step from `server-stream`: each event is serialised once, and the one Buffer is handed to every call of its topic. The
 * service is defined with a `responseSerialize` that lets bytes through as they are: a public part of the API, as generated
 * code defines its services with functions of its own.
 */
import type { Chunk } from '../node/streams.ts';
import type { PushEvent } from '../replay.ts';
import { type EventMessage, eventMessage } from './events.ts';
import { methodOf } from './pushProto.ts';
import type { CreateVariant } from './variant.ts';

const { responseSerialize } = methodOf('Subscribe');

function bytesOf(message: EventMessage): Buffer {
  return responseSerialize(message);
}

function frame(event: PushEvent): Buffer {
  event.frame ??= bytesOf(eventMessage(event));
  return event.frame;
}

function asItIs(chunk: Chunk): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError('a prepared stream is given bytes only');
}

export const createVariant: CreateVariant = (streams) => ({
  frame,
  message: bytesOf,
  serialize: asItIs,
  deliver(events, subscribers) {
    const frames = events.map(frame);
    for (const subscriber of subscribers) {
      // A subscriber that was refused gets nothing more.
      for (const bytes of frames) if (!streams.write(subscriber, bytes, 1)) break;
    }
  },
});
