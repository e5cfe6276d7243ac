import type { RunResult } from '../../contract/result.ts';
import type { ServerGroup } from '../compare/serverGroup.ts';
import type { Decision } from './decision.ts';

/** A number with where it comes from, for somebody who checks the table by hand. */
export interface Sourced {
  readonly value: number;
  readonly source: string;
}

/** What has to be served at the peak. */
export interface Traffic {
  /** Only where given. */
  readonly users: Sourced | null;
  readonly peakShare: Sourced | null;
  readonly connections: Sourced;
  readonly messagesPerSecond: Sourced;
  readonly fanOut: Sourced;
  readonly payloadBytes: Sourced;
  /** True where nothing of it was given: the workload as measured. */
  readonly isMeasured: boolean;
}

/** What a node is, and how far it may be used. */
export interface Node {
  readonly cores: Sourced;
  readonly memoryGiB: Sourced;
  readonly gbitPerSecond: Sourced;
  readonly usableShare: Sourced;
  readonly reconnectWithinMs: Sourced;
  /** Open files of one process, which bound its connections. */
  readonly openFiles: Sourced;
}

const DEFAULT_NODE = { gbitPerSecond: 1, usableShare: 0.6, reconnectWithinMs: 30_000 };
/** Bytes. */
export const GIB = 1_073_741_824;

const fromConfig = (key: string) => `config: \`decision.${key}\``;

/** The traffic of the config; what is not given there is as it was measured. */
export function trafficOf({ traffic }: Decision, [first]: readonly ServerGroup[]): Traffic {
  const run = first?.look.run;
  const index = run?.order ?? 0;
  const take = (given: number | null, key: string, measured: number, path: string): Sourced =>
    given === null
      ? { value: measured, source: `as measured: \`runs[${index}].${path}\`` }
      : { value: given, source: fromConfig(`traffic.${key}`) };
  const { users, peakShare } = traffic;
  const share = peakShare ?? 1;
  const counted = users === null ? traffic.connections : (traffic.connections ?? Math.round(users * share));
  const connections = take(counted, 'connections', run?.connections.requested ?? 0, 'connections.requested');
  return {
    users: users === null ? null : { value: users, source: fromConfig('traffic.users') },
    peakShare:
      users === null
        ? null
        : { value: share, source: peakShare === null ? 'default' : fromConfig('traffic.peakShare') },
    connections:
      users !== null && traffic.connections === null
        ? { value: connections.value, source: 'users × peak share' }
        : connections,
    messagesPerSecond: take(
      traffic.messagesPerSecond,
      'messagesPerSecond',
      run?.publish?.offeredPerSecond ?? perMessage(run?.deliveries?.offeredPerSecond, run?.plan.fanOut),
      run?.publish ? 'publish.offeredPerSecond' : 'deliveries.offeredPerSecond` / `plan.fanOut',
    ),
    fanOut: atMost(connections.value, take(traffic.fanOut, 'fanOut', run?.plan.fanOut ?? 0, 'plan.fanOut')),
    payloadBytes: take(
      traffic.payloadBytes,
      'payloadBytes',
      measuredPayload(first) ?? 0,
      'workload.payloadBytes',
    ),
    isMeasured: Object.values(traffic).every((value) => value === null),
  };
}

/** A message reaches no more clients than there are. */
function atMost(connections: number, fanOut: Sourced): Sourced {
  return fanOut.value <= connections
    ? fanOut
    : { value: connections, source: `${fanOut.source}, at most the connections` };
}

/** Bytes of a message in the runs; null: not told. */
export function measuredPayload(group: ServerGroup | undefined): number | null {
  const bytes = group?.look.run.workload.payloadBytes;
  return typeof bytes === 'number' ? bytes : null;
}

function perMessage(deliveries = 0, fanOut = 0): number {
  return fanOut === 0 ? 0 : deliveries / fanOut;
}

/** The node of the config; what is not given there is the machine that was measured, or a default. */
export function nodeOf({ node }: Decision, { host }: RunResult): Node {
  const take = (given: number | null, key: string, other: Sourced): Sourced =>
    given === null ? other : { value: given, source: fromConfig(`node.${key}`) };
  const usual = (value: number): Sourced => ({ value, source: 'default' });
  return {
    cores: take(node.cores, 'cores', { value: host.cores, source: 'as measured: `host.cores`' }),
    memoryGiB: take(node.memoryGiB, 'memoryGiB', {
      value: host.memoryBytes / GIB,
      source: 'as measured: `host.memoryBytes`',
    }),
    gbitPerSecond: take(node.gbitPerSecond, 'gbitPerSecond', usual(DEFAULT_NODE.gbitPerSecond)),
    usableShare: take(node.usableShare, 'usableShare', usual(DEFAULT_NODE.usableShare)),
    reconnectWithinMs: take(node.reconnectWithinMs, 'reconnectWithin', usual(DEFAULT_NODE.reconnectWithinMs)),
    openFiles: { value: host.openFilesLimit, source: 'as measured: `host.openFilesLimit`' },
  };
}

/** Deliveries per second at the peak. */
export function deliveriesPerSecond({ messagesPerSecond, fanOut }: Traffic): number {
  return messagesPerSecond.value * fanOut.value;
}
