/** A server that names a longer pause would end the run, milliseconds. */
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110, section 10.2.3), from seconds or a date.
 * @returns null where there is none, or it is neither.
 */
export function retryAfterMs(value: string | null | undefined, nowMs: number = Date.now()): number | null {
  if (value === null || value === undefined) return null;
  const pauseMs = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : dateMs(value) - nowMs;
  return Number.isNaN(pauseMs) ? null : Math.min(LONGEST_PAUSE_MS, Math.max(0, pauseMs));
}

/** Date.parse takes nearly anything for a date, "-1" too; those of HTTP end in GMT. */
function dateMs(value: string): number {
  return value.endsWith(' GMT') ? Date.parse(value) : Number.NaN;
}
