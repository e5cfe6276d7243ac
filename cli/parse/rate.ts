import { type Bounds, type Parser, within } from './parsed.ts';
import { scaledOf } from './scaled.ts';

const UNITS = { '': 1, '/s': 1, k: 1_000, 'k/s': 1_000, m: 1_000_000, 'm/s': 1_000_000 };

/** Per second: `400`, `0.5`, `20k`, `400/s`. */
export function rate(bounds: Bounds): Parser<number> {
  const range = `${bounds.min.toLocaleString('en')} to ${bounds.max.toLocaleString('en')}`;
  return (input) =>
    within(scaledOf(input, UNITS), bounds, `a rate per second from ${range}, such as 0.5, 400 or 20k`);
}
