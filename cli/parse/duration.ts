import { type Bounds, type Parser, within } from './parsed.ts';
import { scaledOf } from './scaled.ts';

const UNITS = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * Milliseconds: text must carry a unit (`500ms`, `20s`, `2m` = two minutes, `1h`), so that 20 is never taken for the wrong one.
 * A number (config file, where the key ends in Ms) is milliseconds.
 * @param bareUnit 'ms' where the flag itself names the unit, and a bare number is milliseconds
 */
export function duration(bounds: Bounds, bareUnit: 'ms' | null = null): Parser<number> {
  const units = bareUnit === null ? UNITS : { ...UNITS, '': 1 };
  const example = bareUnit === null ? 'with its unit, such as 500ms, 20s or 2m' : 'such as 100, 100ms or 1s';
  const expected = `a time from ${describeMs(bounds.min)} to ${describeMs(bounds.max)}, ${example}`;
  return (input) => {
    const value = scaledOf(input, units);
    return within(value, bounds, expected);
  };
}

function describeMs(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000}h`;
  return ms >= 1_000 || ms === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
