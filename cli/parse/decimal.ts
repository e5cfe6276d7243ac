import { type Bounds, type Parser, within } from './parsed.ts';
import { scaledOf } from './scaled.ts';

/** A bare number with or without decimals: `0`, `1.5`, `.5`. */
export function decimal(bounds: Bounds): Parser<number> {
  const expected = `a number from ${bounds.min} to ${bounds.max}`;
  return (input) => within(scaledOf(input, { '': 1 }), bounds, expected);
}
