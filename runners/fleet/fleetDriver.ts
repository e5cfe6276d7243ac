import type { DriverEvents, LoadDriver } from '../../contract/loadDriver.ts';
import type { WorkerStart } from '../../contract/workerControl.ts';
import { createDriver } from '../drivers/registry.ts';
import { type ClientValues, clientRequests } from './clientRequest.ts';
import { hideSecrets } from './hideSecrets.ts';
import type { SlotPlaces } from './slotPlaces.ts';
import { tokensOfSlots } from './tokens.ts';

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
  const { slots, connectTimeoutMs, security, streamsPerConnection, grpc, firstSlot } = start;
  const tokens = start.tokensFile === null ? null : tokensOfSlots(start.tokensFile, firstSlot, slots);
  const tokenOf = (slot: number): string | null => tokens?.[slot] ?? null;
  const requestOf = clientRequests(start);
  const valuesOf = (slot: number): ClientValues => ({
    topic: topicOfSlot(slot),
    slot: firstSlot + slot,
    token: tokenOf(slot),
  });
  return createDriver(start.protocol, start.kind, {
    slots,
    connectTimeoutMs,
    security,
    streamsPerConnection,
    grpc,
    custom: start.custom && {
      ...start.custom,
      firstSlot,
      topicOf: topicOfSlot,
      tokenOf,
    },
    // Another seed for each worker, or their pollers would go out together.
    polling: start.polling && { ...start.polling, seed: start.polling.seed + firstSlot },
    target(slot) {
      const { host, port } = places.endpointOf(slot);
      return { host, port, ...requestOf(valuesOf(slot)) };
    },
    events: {
      ...events,
      closed(slot, detail) {
        const values = valuesOf(slot);
        events.closed(slot, hideSecrets(detail, requestOf(values), values));
      },
    },
  });
}

/** Slots that share a connection go to one address. */
export function groupOf({ firstSlot, streamsPerConnection }: WorkerStart, slot: number): number {
  return firstSlot + Math.floor(slot / streamsPerConnection);
}
