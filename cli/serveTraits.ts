import type { Fault } from '../contract/errors.ts';
import type { Protocol, ServerCapabilities, StageInfo } from '../contract/pushServer.ts';
import { type Flags, longFlag } from './given.ts';
import { count } from './parse/count.ts';
import { SERVE_OPTIONS } from './serveOptions.ts';

type ServeKey = keyof typeof SERVE_OPTIONS;

/** Flags that only some servers have a use for. */
const NEEDS: readonly {
  readonly keys: readonly ServeKey[];
  readonly isUsedBy: (server: ServerCapabilities) => boolean;
  readonly expected: string;
}[] = [
  {
    keys: ['heartbeat', 'heartbeatInterval'],
    isUsedBy: ({ protocol }) => isEventStream(protocol) || protocol === 'grpc',
    expected: 'only for event streams and gRPC, such as --stage sse',
  },
  {
    keys: ['retry'],
    isUsedBy: ({ protocol }) => isEventStream(protocol),
    expected: 'only for event streams, such as --stage sse',
  },
  {
    keys: ['pingInterval', 'pongTimeout'],
    isUsedBy: ({ protocol }) => protocol === 'ws' || protocol === 'grpc',
    expected: 'only for WebSockets and gRPC, such as --stage ws',
  },
  {
    keys: ['encoding'],
    isUsedBy: ({ protocol }) => protocol !== 'grpc',
    expected: 'not for gRPC, which carries the bytes as they were published',
  },
  {
    keys: ['backendDelay'],
    isUsedBy: ({ polling }) => polling !== null,
    expected: 'only for polled servers, such as --stage poll',
  },
  {
    keys: ['keepAlive'],
    isUsedBy: ({ polling }) => polling !== null,
    expected: 'only for polled servers, such as --stage poll',
  },
  {
    keys: ['maxUnsent', 'flowLimit'],
    isUsedBy: ({ polling }) => polling === null,
    expected: 'only for servers that push, such as --stage sse: a poll is answered, not streamed to',
  },
  {
    keys: ['hold'],
    isUsedBy: ({ polling }) => polling === 'held',
    expected: 'only for long polling, such as --stage poll:long',
  },
  {
    keys: ['nodes', 'nodeId', 'bus'],
    isUsedBy: ({ bus }) => bus !== null,
    expected: 'only for a cluster, such as --stage ws-cluster',
  },
];

function isEventStream(protocol: Protocol): boolean {
  return protocol === 'sse' || protocol === 'sse-h2';
}

const NODES = count({ min: 1, max: 16 });
const DEFAULT_NODES = 2;

/** What a chosen variant can do; null where the choice was at fault. */
export function capabilitiesOf(
  chosen: { readonly stage: string; readonly variant: string } | undefined,
  stages: readonly StageInfo[],
): ServerCapabilities | null {
  const stage = stages.find(({ name }) => name === chosen?.stage);
  return stage?.variants.find(({ name }) => name === chosen?.variant)?.capabilities ?? null;
}

/** Adds a fault for each flag that this server would ignore. */
export function refuseUnusedFlags(flags: Flags, capabilities: ServerCapabilities, faults: Fault[]): void {
  for (const { keys, isUsedBy, expected } of NEEDS) {
    if (isUsedBy(capabilities)) continue;
    for (const key of keys) {
      if (flags[key] === undefined) continue;
      // Without the value: it may be the address of a bus with its password.
      faults.push({ key: longFlag(SERVE_OPTIONS[key].flag), value: undefined, expected });
    }
  }
  if (flags.nodeId !== undefined && flags.bus === undefined && capabilities.bus !== null) {
    faults.push({ key: '--node-id', value: flags.nodeId, expected: 'a --bus at which it finds the others' });
  }
}

/** Nodes of a cluster; null where `--node-id` asks for one that joins others. */
export function readNodes(flags: Flags, faults: Fault[]): number | null {
  if (flags.nodes !== undefined && flags.nodeId !== undefined) {
    const expected = 'not together with --node-id, which starts one node';
    faults.push({ key: '--nodes', value: flags.nodes, expected });
  }
  if (flags.nodeId !== undefined) return null;
  const parsed = NODES(flags.nodes ?? DEFAULT_NODES);
  if (parsed.ok) return parsed.value;
  faults.push({ key: '--nodes', value: flags.nodes, expected: parsed.expected });
  return DEFAULT_NODES;
}
