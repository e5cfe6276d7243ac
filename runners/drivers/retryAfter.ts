/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110, section 10.2.3), from seconds or a date.
 * @returns null where there is none, or it is neither.
 */
export function retryAfterMs(value: string | null | undefined, nowMs: number = Date.now()): number | null {
  if (value === null || value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  // Date.parse takes nearly anything for a date, "-1" too.
  const atMs = value.endsWith(' GMT') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
