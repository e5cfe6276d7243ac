import { type Bounds, type Parser, within } from './parsed.ts';
import { scaledOf } from './scaled.ts';

const UNITS = {
  '': 1,
  b: 1,
  k: 1_024,
  kb: 1_024,
  kib: 1_024,
  m: 1_048_576,
  mb: 1_048_576,
  mib: 1_048_576,
};

/** Bytes: `256`, `1KB`, `4KiB`. KB and KiB are both 1,024 bytes, MB and MiB both 1,048,576. */
export function size(bounds: Bounds): Parser<number> {
  const range = `${bounds.min.toLocaleString('en')} to ${bounds.max.toLocaleString('en')}`;
  return (input) => {
    const value = scaledOf(input, UNITS);
    const whole = value !== null && Number.isInteger(value) ? value : null;
    return within(whole, bounds, `bytes from ${range}, such as 256 or 1KB (KB = KiB = 1,024 bytes)`);
  };
}
