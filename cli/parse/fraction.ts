import type { Parser } from './parsed.ts';

/** A quantile: more than 0 and less than 1. */
export const fraction: Parser<number> = (input) => {
  const value = typeof input === 'string' && /^0?\.\d+$/.test(input) ? Number(input) : input;
  return typeof value === 'number' && value > 0 && value < 1
    ? { ok: true, value }
    : { ok: false, expected: 'a fraction between 0 and 1, such as 0.95' };
};
