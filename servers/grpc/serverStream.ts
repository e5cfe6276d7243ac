/*
 * The ordinary way: every call gets the event's message, and gRPC makes bytes of it for each of them. Calls of `Chat` are
 * served the same way.
 */
import { type EventMessage, eventMessage } from './events.ts';
import { methodOf } from './pushProto.ts';
import type { CreateVariant } from './variant.ts';

const { responseSerialize } = methodOf('Subscribe');

export const createVariant: CreateVariant = (streams) => ({
  frame: eventMessage,
  message: (message) => message,
  serialize: (message) => responseSerialize(Object(message)),
  deliver(events, subscribers) {
    const messages: readonly EventMessage[] = events.map(eventMessage);
    for (const subscriber of subscribers) {
      // A subscriber that was refused gets nothing more.
      for (const message of messages) if (!streams.write(subscriber, message, 1)) break;
    }
  },
});
