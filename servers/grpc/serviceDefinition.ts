import type { ServiceDefinition } from '@grpc/grpc-js';
import { methodOf, REQUESTS } from './pushProto.ts';
import type { Variant } from './variant.ts';

/** The service, with readers of requests that never throw and with the variant's way to make bytes of an event. */
export function definitionOf({ serialize }: Variant): ServiceDefinition {
  return {
    Subscribe: {
      ...methodOf('Subscribe'),
      requestDeserialize: REQUESTS.Subscribe,
      responseSerialize: serialize,
    },
    Chat: { ...methodOf('Chat'), requestDeserialize: REQUESTS.Chat, responseSerialize: serialize },
    Publish: { ...methodOf('Publish'), requestDeserialize: REQUESTS.Publish },
  };
}
