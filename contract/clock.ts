import { performance } from 'node:perf_hooks';

/**
 * Offset in microseconds from this process's `performance.now()` to the host's monotonic clock.
 * Both read CLOCK_MONOTONIC, so the difference is a constant; the tightest of many sandwiched readings finds it.
 */
function offsetUs(): number {
  let best = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let i = 0; i < 200; i++) {
    const before = performance.now();
    const host = Number(process.hrtime.bigint()) / 1000;
    const after = performance.now();
    if (after - before < best) {
      best = after - before;
      offset = host - ((before + after) / 2) * 1000;
    }
  }
  return offset;
}

const OFFSET_US = offsetUs();

/**
 * Microseconds of the host's monotonic clock, comparable between all processes of one host.
 * `performance.now()` plus a calibrated constant: no BigInt is allocated in a read callback.
 */
export function nowUs(): number {
  return performance.now() * 1000 + OFFSET_US;
}

export type Clock = () => number;
