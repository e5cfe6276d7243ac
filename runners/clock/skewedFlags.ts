/**
 * Flags of a role process whose clock is off on purpose, for the proof that such a one is refused.
 * @param byUs microseconds ahead of the host's clock; negative: behind
 */
export function skewedFlags(byUs: number): string[] {
  const script = `const real = process.hrtime.bigint;
process.hrtime.bigint = () => real() + ${BigInt(byUs) * 1_000n}n;`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
}
