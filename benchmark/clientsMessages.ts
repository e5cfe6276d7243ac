import type { Endpoint } from '../contract/pushServer.ts';

/** A client that is compared. */
export interface Client {
  readonly protocol: 'sse' | 'ws' | 'grpc';
  readonly name: 'lean driver' | 'http.get' | 'eventsource package' | 'ws package' | 'grpc-js';
  /** 1 where the protocol does not multiplex. */
  readonly streamsPerConnection: number;
}

export const CLIENTS: readonly Client[] = [
  { protocol: 'sse', name: 'lean driver', streamsPerConnection: 1 },
  { protocol: 'sse', name: 'http.get', streamsPerConnection: 1 },
  { protocol: 'sse', name: 'eventsource package', streamsPerConnection: 1 },
  { protocol: 'ws', name: 'lean driver', streamsPerConnection: 1 },
  { protocol: 'ws', name: 'ws package', streamsPerConnection: 1 },
  { protocol: 'grpc', name: 'lean driver', streamsPerConnection: 100 },
  { protocol: 'grpc', name: 'grpc-js', streamsPerConnection: 100 },
  { protocol: 'grpc', name: 'lean driver', streamsPerConnection: 1 },
  { protocol: 'grpc', name: 'grpc-js', streamsPerConnection: 1 },
];

export interface MemoryPoint {
  readonly connections: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** Between the benchmark, the server process and the client process. */
export type BenchmarkMessage =
  | { readonly type: 'listening'; readonly endpoints: readonly Endpoint[] }
  | {
      readonly type: 'connect';
      readonly client: Client;
      readonly endpoints: readonly Endpoint[];
      readonly levels: readonly number[];
      readonly rounds: number;
    }
  /** The client has all of the last event: send the next one to all connections. */
  | { readonly type: 'next' }
  | {
      readonly type: 'done';
      readonly memory: readonly MemoryPoint[];
      readonly deliveries: number;
      readonly cpuUs: number;
      readonly connectSeconds: number;
    }
  | { readonly type: 'failed'; readonly error: string };

export function isBenchmarkMessage(value: unknown): value is BenchmarkMessage {
  return typeof value === 'object' && value !== null && 'type' in value;
}
