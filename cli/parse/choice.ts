import { nearest } from '../nearest.ts';
import type { Parser } from './parsed.ts';

/** One of a few words. */
export function choice<const T extends string>(words: readonly T[]): Parser<T> {
  return (input) => {
    const found = words.find((word) => word === input);
    if (found !== undefined) return { ok: true, value: found };
    const hint = typeof input === 'string' ? nearest(input, words) : '';
    return { ok: false, expected: `one of ${words.join(', ')}${hint}` };
  };
}
