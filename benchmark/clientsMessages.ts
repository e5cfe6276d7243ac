import type { Endpoint } from '../contract/pushServer.ts';

/** The clients that are compared. */
export const CLIENTS = [
  { protocol: 'sse', name: 'lean driver' },
  { protocol: 'sse', name: 'http.get' },
  { protocol: 'sse', name: 'eventsource package' },
  { protocol: 'ws', name: 'lean driver' },
  { protocol: 'ws', name: 'ws package' },
] as const;
export type Client = (typeof CLIENTS)[number];

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
