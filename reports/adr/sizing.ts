import type { Prices } from './decision.ts';
import type { Demand } from './demand.ts';
import type { Measured } from './measured.ts';
import { HOURS_PER_MONTH } from './monthlyCost.ts';
import { GIB, type Node, type Traffic } from './traffic.ts';

const BOUNDS = ['CPU', 'memory', 'network', 'connections', 'reconnect storm'] as const;
/** What bounds the number of nodes. */
export type Bound = (typeof BOUNDS)[number];

/** How many nodes one option needs. Every figure is the end of its interval that needs more. */
export interface Sizing {
  readonly processes: number;
  readonly memoryGiB: number;
  readonly gbitPerSecond: number;
  /** Nodes that each bound asks for by itself; infinite: more nodes do not help. null: the figure for it was not measured. */
  readonly nodesBy: Readonly<Record<Bound, number | null>>;
  /** The largest of them. */
  readonly nodes: number;
  /** The bounds that ask for that many; empty: one node is enough for each. */
  readonly decidedBy: readonly Bound[];
  /** One more, so that one may fail at the peak. */
  readonly withReserve: number;
  /** Of the nodes with that reserve, at their cores and memory; the bytes sent come on top. */
  readonly nodesPerMonth: number;
}

/**
 * Nodes for the traffic, each bound by itself. A storm is that all clients are back within the stated time while only the share of
 * a node that is not planned for traffic is left to accept them.
 */
export function sizingOf(
  measured: Measured,
  demand: Demand,
  traffic: Traffic,
  node: Node,
  prices: Prices,
): Sizing {
  const cores = node.cores.value;
  const usable = node.usableShare.value;
  const connections = traffic.connections.value;
  const seconds = node.reconnectWithinMs.value / 1_000;
  const gbit = (demand.bytesPerSecond.high * 8) / 1e9;
  const connects = measured.connects?.range.low ?? null;
  const nodesBy: Record<Bound, number | null> = {
    CPU: whole(demand.processes.high / cores),
    memory: nodesByMemory(measured, connections, node),
    network: whole(gbit / (node.gbitPerSecond.value * usable)),
    connections: whole(connections / (node.openFiles.value * usable * cores)),
    'reconnect storm':
      connects === null ? null : whole(over(connections / seconds, connects * (1 - usable) * cores)),
  };
  const nodes = Math.max(1, ...Object.values(nodesBy).map((count) => count ?? 0));
  const price = cores * prices.perCoreHour + node.memoryGiB.value * prices.perGiBHour;
  return {
    processes: demand.processes.high,
    memoryGiB: demand.memoryBytes.high / GIB,
    gbitPerSecond: gbit,
    nodesBy,
    nodes,
    decidedBy: nodes === 1 ? [] : BOUNDS.filter((bound) => nodesBy[bound] === nodes),
    withReserve: nodes + 1,
    nodesPerMonth: (nodes + 1) * price * HOURS_PER_MONTH,
  };
}

/** A process per core: its own memory is gone before the first connection. */
function nodesByMemory({ memory, kernel, base }: Measured, connections: number, node: Node): number | null {
  if (!memory || !base) return null;
  const room = node.memoryGiB.value * GIB * node.usableShare.value - node.cores.value * base.range.high;
  return whole(over(connections * (memory.range.high + (kernel?.range.high ?? 0)), room));
}

function over(amount: number, room: number): number {
  return room > 0 ? amount / room : Number.POSITIVE_INFINITY;
}

function whole(nodes: number): number {
  // A product that is meant to be whole may be 2.0000000000000004.
  return Math.max(1, Math.ceil(nodes - 1e-9));
}
