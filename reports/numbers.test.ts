import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatRateOf,
  formatShare,
  formatUs,
  orMissing,
  plainNumbers,
  significant,
} from './numbers.ts';

const rows: readonly (readonly [string, string, string])[] = [
  ['whole number', significant(43), '43'],
  ['three digits', significant(4.0567), '4.06'],
  ['no trailing zeros', significant(4.1), '4.1'],
  ['rounds large numbers', significant(123_456), '123,000'],
  ['zero', significant(0), '0'],
  ['negative', significant(-0.5), '-0.5'],
  ['tiny', significant(0.000_123_4), '0.000123'],
  ['infinite', significant(Number.POSITIVE_INFINITY), 'not defined'],
  ['count is exact', formatCount(1_234_567), '1,234,567'],
  ['microseconds', formatUs(850), '850 µs'],
  ['milliseconds', formatUs(4_100), '4.1 ms'],
  ['rounds into the next unit', formatUs(999_700), '1 s'],
  ['seconds below two minutes', formatUs(90_000_000), '90 s'],
  ['minutes', formatUs(150_000_000), '2.5 min'],
  ['part of a microsecond', formatUs(0.31), '0.31 µs'],
  ['no time', formatUs(0), '0 µs'],
  ['bytes', formatBytes(372), '372 B'],
  ['kibibytes', formatBytes(2_355), '2.3 KiB'],
  ['gibibytes', formatBytes(24 * 1024 ** 3), '24 GiB'],
  ['rate', formatRate(400), '400 /s'],
  ['rate in thousands', formatRate(155_000), '155 k/s'],
  ['rate that rounds into thousands', formatRate(9_999.7), '10 k/s'],
  ['rate in millions', formatRate(1_200_000), '1.2 M/s'],
  ['named rate', formatRateOf(83_000, 'deliveries'), '83 k deliveries/s'],
  ['named small rate', formatRateOf(6_150, 'deliveries'), '6,150 deliveries/s'],
  ['share', formatShare(0.43), '43 %'],
  ['missing', orMissing(null, formatUs), 'not measured'],
];

for (const [name, seen, expected] of rows) {
  test(`numbers: ${name}`, () => assert.equal(plainNumbers(seen), expected));
}
