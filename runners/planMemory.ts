import { BenchError, EXIT } from '../contract/errors.ts';
import type { HostLimits } from './samplers/limits.ts';

/** Kernel memory of an idle loopback connection, both sockets: 8.1 KiB measured. */
const KERNEL_BYTES = 8.5 * 1_024;
/** Lean client, measured slope rounded up. */
const CLIENT_BYTES = 4 * 1_024;
/** A Node process with its code, less what it shares with the others. */
const PROCESS_BYTES = 60 * 1_048_576;
/** Share of the free memory that a plan may use. */
const USABLE = 0.85;

/** Memory that a run is expected to take on this machine, server and generator and kernel together, bytes. */
export function expectedBytes(connections: number, serverBytes: number, processes: number): number {
  return connections * (KERNEL_BYTES + CLIENT_BYTES + serverBytes) + processes * PROCESS_BYTES;
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
