/**
 * Numbers as readers see them: at most three significant digits, narrow no-break thousands, SI units.
 * Counts of a ledger are exact, since "7 lost" must never become "about 10".
 */

/** Narrow no-break space, between groups of three digits. */
export const THOUSANDS = '\u202f';
/** No-break space, between a number and its unit. */
export const UNIT_GAP = '\u00a0';
export const NOT_DEFINED = 'not defined';
export const NOT_MEASURED = 'not measured';

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, THOUSANDS);
}

/** A number with at most three significant digits and no trailing zeros: `4.1`, `43`, `12 300`. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return NOT_DEFINED;
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(0, digits - 1 - magnitude);
  const scale = 10 ** Math.max(0, magnitude - digits + 1);
  const text = (Math.round(value / scale) * scale).toFixed(0);
  const fixed = decimals > 0 ? value.toFixed(Math.min(20, decimals)) : text;
  const trimmed = fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
  const [whole = '', fraction] = trimmed.split('.');
  const sign = whole.startsWith('-') ? '−' : '';
  return `${sign}${group(whole.replace('-', ''))}${fraction ? `.${fraction}` : ''}`;
}

/** An exact count: `8 000`. */
export function formatCount(count: number): string {
  return Number.isInteger(count) ? group(String(count)) : significant(count);
}

interface Step {
  readonly from: number;
  readonly unit: string;
}

function scaled(value: number, steps: readonly Step[]): string {
  const size = Math.abs(value);
  // A figure that rounds to 1,000 of a unit belongs to the next unit, hence 0.9995.
  const step = steps.find((candidate) => size >= candidate.from * 0.9995) ?? steps[steps.length - 1];
  if (!step) return significant(value);
  return `${significant(value / step.from)}${UNIT_GAP}${step.unit}`;
}

const TIME: readonly Step[] = [
  { from: 60_000_000, unit: 'min' },
  { from: 1_000_000, unit: 's' },
  { from: 1_000, unit: 'ms' },
  { from: 1, unit: 'µs' },
];

/** A time given in microseconds: `4.1 ms`. */
export function formatUs(us: number): string {
  if (us === 0) return `0${UNIT_GAP}µs`;
  if (Math.abs(us) < 1) return `${significant(us)}${UNIT_GAP}µs`;
  // Whole minutes only from two on: "90 s" reads better than "1.5 min".
  return scaled(us, Math.abs(us) < 120_000_000 ? TIME.slice(1) : TIME);
}

const BYTES: readonly Step[] = [
  { from: 1024 ** 3, unit: 'GiB' },
  { from: 1024 ** 2, unit: 'MiB' },
  { from: 1024, unit: 'KiB' },
  { from: 1, unit: 'B' },
];

/** A size in bytes: `2.3 KiB`. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < 1) return `${significant(bytes)}${UNIT_GAP}B`;
  return scaled(bytes, BYTES);
}

const RATES: readonly Step[] = [
  { from: 1_000_000, unit: 'M/s' },
  { from: 10_000, unit: 'k/s' },
];

/** A rate per second: `155 k/s`, `400 /s`. */
export function formatRate(perSecond: number): string {
  const size = Math.abs(perSecond);
  if (size >= 999_500) return scaled(perSecond, RATES);
  // 9 999.7 rounds to 10 000, which reads as 10 k/s.
  if (size >= 9_995) return `${significant(perSecond / 1000)}${UNIT_GAP}k/s`;
  return `${significant(perSecond)}${UNIT_GAP}/s`;
}

/** A rate of something named: `83 k deliveries/s`, `400 publishes/s`. */
export function formatRateOf(perSecond: number, what: string): string {
  return formatRate(perSecond).replace(new RegExp(`${UNIT_GAP}([kM]?)/s$`), (_, prefix: string) =>
    prefix ? `${UNIT_GAP}${prefix} ${what}/s` : ` ${what}/s`,
  );
}

/** A share of 1 as percent: `43 %`. */
export function formatShare(share: number): string {
  return `${significant(share * 100)}${UNIT_GAP}%`;
}

/** A figure that may be missing. */
export function orMissing(
  value: number | null | undefined,
  format: (value: number) => string,
  missing = NOT_MEASURED,
): string {
  return value === null || value === undefined ? missing : format(value);
}

/** Text for a terminal or a log: no special spaces, commas between thousands. */
export function plainNumbers(text: string): string {
  return text.replaceAll(THOUSANDS, ',').replaceAll(UNIT_GAP, ' ').replaceAll('−', '-');
}
