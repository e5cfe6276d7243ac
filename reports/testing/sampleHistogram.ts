import { build, type Histogram } from 'hdr-histogram-js';
import type { LatencyStats } from '../../contract/result.ts';

/** Deterministic numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function record(medianUs: number, count: number, seed: number): Histogram {
  const histogram = build({ numberOfSignificantValueDigits: 3, bitBucketSize: 32 });
  const random = randomFrom(seed);
  for (let i = 0; i < count; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    histogram.recordValue(Math.max(1, Math.round(medianUs * Math.exp(0.75 * normal))));
  }
  return histogram;
}

const RECORDED = new Map<string, Histogram>();

/** A skewed latency histogram around a median, in microseconds; the same for the same arguments. */
export function histogramAround(medianUs: number, count: number, seed: number): Histogram {
  const key = `${medianUs} ${count} ${seed}`;
  const known = RECORDED.get(key) ?? record(medianUs, count, seed);
  RECORDED.set(key, known);
  return known;
}

export function statsOf(histogram: Histogram, messages: number): LatencyStats {
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile);
  return {
    count: histogram.totalCount,
    messages,
    min: histogram.minNonZeroValue,
    mean: Math.round(histogram.mean),
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue,
  };
}
