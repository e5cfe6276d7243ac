/** Microseconds as milliseconds for a message: two significant digits below 10 ms, whole ones from there on. */
export function milliseconds(us: number): string {
  const ms = us / 1_000;
  return `${ms < 10 ? ms.toPrecision(2) : Math.round(ms)} ms`;
}
