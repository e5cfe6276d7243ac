import { type Bounds, type Parser, within } from './parsed.ts';
import { scaledOf } from './scaled.ts';

const UNITS = { '': 1, k: 1_000, m: 1_000_000 };

/** A whole number: `500`, `20k` (20,000), `1m` (1,000,000). */
export function count(bounds: Bounds): Parser<number> {
  const range = `${bounds.min.toLocaleString('en')} to ${bounds.max.toLocaleString('en')}`;
  const examples = bounds.max >= 1_000_000 ? ', such as 500, 20k or 1m' : '';
  return (input) => {
    const value = scaledOf(input, UNITS);
    const whole = value !== null && Number.isInteger(value) ? value : null;
    return within(whole, bounds, `a whole number from ${range}${examples}`);
  };
}
