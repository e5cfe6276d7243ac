import type { LinkSpec } from '../../contract/link.ts';

/**
 * How long the link takes one way, microseconds, anew at each call: half of the round trip, give or take half of the
 * jitter, uniformly. A round trip is the sum of two such draws, so it varies by up to the jitter to each side.
 */
export function delaysOf({ rttMs, jitterMs }: LinkSpec, random: () => number): () => number {
  const shortestUs = ((rttMs - jitterMs) / 2) * 1_000;
  const rangeUs = jitterMs * 1_000;
  return () => shortestUs + rangeUs * random();
}
