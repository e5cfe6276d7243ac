/**
 * Logarithmic bins of a latency: 32 per power of two, so at most 3.1 % wide.
 * Small enough to keep one row per slice of the window, which timelines and bootstrap intervals need.
 */
export const BINS = 896;

const MAX_VALUE = 2 ** 31 - 1;

/** Bin of a latency in whole microseconds; values above 2^31 - 1 (36 minutes) share the last bin. */
export function binOf(valueUs: number): number {
  const value = valueUs > MAX_VALUE ? MAX_VALUE : valueUs | 0;
  if (value < 32) return Math.max(value, 0);
  const exponent = 31 - Math.clz32(value);
  return ((exponent - 5) << 5) + (value >> (exponent - 5));
}

/** Middle of a bin, microseconds. */
export function valueOfBin(bin: number): number {
  if (bin < 64) return bin;
  const exponent = (bin >> 5) + 4;
  const width = 2 ** (exponent - 5);
  return (bin - ((exponent - 5) << 5)) * width + (width - 1) / 2;
}
