import type { DefinitionId } from '../../definitions.ts';

/** By the beginning of a path; the first that fits. */
const DEFINITIONS_OF: readonly (readonly [string, DefinitionId])[] = [
  ['latencyUs.delivery', 'delivery-latency'],
  ['latencyUs.service', 'service-latency'],
  ['latencyUs.sendLag', 'send-lag'],
  ['latencyUs.spread', 'spread'],
  ['handshakeUs', 'handshake'],
  ['deliveries.perSecond', 'deliveries-per-second'],
  ['deliveries', 'ledger'],
  ['publish', 'publish'],
  ['connections.perSecond', 'connect-rate'],
  ['connections', 'connections'],
  ['memory.server.meanRssBytes', 'memory-load'],
  ['memory.server.peakRssBytes', 'memory-load'],
  ['memory.machineBytes', 'rulers'],
  ['memory', 'memory-slope'],
  ['cpu', 'cpu-per-delivery'],
  ['io', 'syscalls'],
  ['wire', 'wire'],
  ['loop', 'event-loop'],
  ['gc', 'gc'],
  ['handles', 'handles'],
  ['roi', 'roi'],
  ['chat', 'echo'],
  ['bus', 'bus-hop'],
  ['fault.recoveredMs', 'recovery'],
  ['fault', 'fault'],
  ['ceiling', 'ceiling'],
  ['closedLoop', 'closed-loop'],
];

/** Where the figure behind a path is explained; null: its name says all there is. */
export function metricDefinition(path: string): DefinitionId | null {
  const found = DEFINITIONS_OF.find(([start]) => path === start || path.startsWith(`${start}.`));
  return found?.[1] ?? null;
}
