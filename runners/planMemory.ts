import type { Scenario } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import { LANE_BYTES } from './link/lane.ts';
import type { HostLimits } from './samplers/limits.ts';
import { flowLimits } from './session/flowLimits.ts';

/** Kernel memory of an idle loopback connection, both sockets: 8.1 KiB measured. */
const KERNEL_BYTES = 8.5 * 1_024;
/** Lean client of HTTP/1.1 or WebSocket, measured slope rounded up. */
const CLIENT_BYTES = 4 * 1_024;
/** One stream of the lean HTTP/2 client, and what a connection of its own adds to it at both ends: 20 and 24 KiB. */
const STREAM_BYTES = 14 * 1_024;
const SESSION_BYTES = 44 * 1_024;
/** TLS state of a connection, both ends. */
const TLS_BYTES = 80 * 1_024;
/** What a relay in between adds to a connection: two sockets in its process, and two more in the kernel. */
const RELAY_BYTES = 20 * 1_024;
/** A Node process with its code, less what it shares with the others. */
const PROCESS_BYTES = 60 * 1_048_576;
/** What the kernel keeps for a loopback connection whose reader stopped, measured. */
const UNREAD_BYTES = 4_100_000;
/** Share of the free memory that a plan may use. */
const USABLE = 0.85;

export interface MemoryNeeds {
  /** Subscribers: connections, or streams that share them. */
  readonly connections: number;
  /** null: a connection for each. */
  readonly streamsPerConnection: number | null;
  readonly isProtected: boolean;
  readonly isRelayed: boolean;
  /** Of the server, per subscriber. */
  readonly serverBytes: number;
  readonly processes: number;
}

/** Memory that a run is expected to take on this machine, server and generator and kernel together, bytes. */
export function expectedBytes(needs: MemoryNeeds): number {
  const { connections, streamsPerConnection, isProtected, isRelayed, serverBytes, processes } = needs;
  const sockets = connections / (streamsPerConnection ?? 1);
  const perSocket =
    KERNEL_BYTES +
    (isProtected ? TLS_BYTES : 0) +
    (isRelayed ? RELAY_BYTES : 0) +
    (streamsPerConnection === null ? 0 : SESSION_BYTES);
  const perSubscriber = serverBytes + (streamsPerConnection === null ? CLIENT_BYTES : STREAM_BYTES);
  return sockets * perSocket + connections * perSubscriber + processes * PROCESS_BYTES;
}

/**
 * What comes on top for those who read slowly: their share of the kernel's memory, once more where a relay reads for them,
 * and what flow control lets wait.
 */
export function slowReaderBytes(scenario: Scenario, isRelayed: boolean): number {
  const slow = Math.ceil(scenario.connections * scenario.slowShare);
  const unread = isRelayed ? 2 * UNREAD_BYTES + LANE_BYTES : UNREAD_BYTES;
  return slow * (unread + flowLimits(scenario).connectionBytes.high);
}

/** @throws BenchError where the expected memory is more than the host has left. */
export function checkMemory(connections: number, expected: number, limits: HostLimits): void {
  const usable = limits.memAvailableBytes * USABLE;
  if (expected <= usable) return;
  const fits = Math.floor((connections * usable) / expected / 1_000) * 1_000;
  throw new BenchError(
    `connections ${connections}: about ${gigabytes(expected)} needed, ${gigabytes(usable)} of the free memory may be used`,
    {
      exitCode: EXIT.usage,
      hint: `Give --connections ${fits} or less, or take a leaner variant (bench list stages).`,
    },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
