import type { DriverEvents, LoadDriver } from '../../contract/loadDriver.ts';
import type { WorkerStart } from '../../contract/workerControl.ts';
import { createDriver } from '../drivers/registry.ts';
import type { SlotPlaces } from './slotPlaces.ts';

interface DriverParts {
  readonly places: SlotPlaces;
  readonly topicOfSlot: (slot: number) => string;
  readonly events: DriverEvents;
}

/** The driver of a worker's connections: where each slot goes is asked anew at every attempt. */
export function createFleetDriver(
  start: WorkerStart,
  { places, topicOfSlot, events }: DriverParts,
): Promise<LoadDriver> {
  const { slots, connectTimeoutMs, security, streamsPerConnection, grpc, headers } = start;
  return createDriver(start.protocol, start.kind, {
    slots,
    connectTimeoutMs,
    security,
    streamsPerConnection,
    grpc,
    custom: start.custom && {
      ...start.custom,
      firstSlot: start.firstSlot,
      topicOf: topicOfSlot,
      tokenOf: () => null,
    },
    // Another seed for each worker, or their pollers would go out together.
    polling: start.polling && { ...start.polling, seed: start.polling.seed + start.firstSlot },
    target(slot) {
      const { host, port } = places.endpointOf(slot);
      const path = start.path.replaceAll('{topic}', encodeURIComponent(topicOfSlot(slot)));
      return { host, port, path, headers };
    },
    events,
  });
}

/** Slots that share a connection go to one address. */
export function groupOf({ firstSlot, streamsPerConnection }: WorkerStart, slot: number): number {
  return firstSlot + Math.floor(slot / streamsPerConnection);
}
