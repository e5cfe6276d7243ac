import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice } from './choice.ts';
import { count } from './count.ts';
import { decimal } from './decimal.ts';
import { duration } from './duration.ts';
import { fraction } from './fraction.ts';
import { loadStages } from './loadStages.ts';
import type { Parser } from './parsed.ts';
import { rate } from './rate.ts';
import { size } from './size.ts';

type Row = readonly [input: unknown, value: unknown];

/** What a parser makes of an input; null where it refuses. */
function parsedBy(parse: Parser<unknown>, input: unknown): unknown {
  const parsed = parse(input);
  return parsed.ok ? parsed.value : null;
}

function table(name: string, parse: Parser<unknown>, rows: readonly Row[]): void {
  for (const [input, value] of rows) {
    test(`${name} ${JSON.stringify(input)} ${value === null ? 'is refused' : `is ${value}`}`, () => {
      assert.equal(parsedBy(parse, input), value);
    });
  }
}

table('count', count({ min: 1, max: 10_000_000 }), [
  ['1', 1],
  ['5000', 5_000],
  ['100k', 100_000],
  ['100K', 100_000],
  ['1m', 1_000_000],
  ['2.5k', 2_500],
  [' 7 ', 7],
  [12, 12],
  ['0', null],
  ['-1', null],
  ['1e9', null],
  [1e9, null],
  ['abc', null],
  ['', null],
  ['1.5', null],
  ['1,000', null],
  ['10kb', null],
  ['0x10', null],
  ['Infinity', null],
  [Number.NaN, null],
  [true, null],
  [null, null],
]);

table('size', size({ min: 41, max: 1_048_576 }), [
  ['256', 256],
  ['256B', 256],
  ['1KB', 1_024],
  ['1KiB', 1_024],
  ['1k', 1_024],
  ['1MB', 1_048_576],
  ['0.5KB', 512],
  [100, 100],
  ['40', null],
  ['2MB', null],
  ['1GB', null],
  ['10ms', null],
  ['41.5', null],
]);

table('duration', duration({ min: 0, max: 3_600_000 }), [
  ['0s', 0],
  ['500ms', 500],
  ['20s', 20_000],
  ['2m', 120_000],
  ['2min', 120_000],
  ['1h', 3_600_000],
  ['1.5s', 1_500],
  ['2.3s', 2_300],
  [5_000, 5_000],
  ['20', null],
  ['2h', null],
  ['-1s', null],
  ['20 parsecs', null],
]);

table('duration in ms', duration({ min: 1, max: 60_000 }, 'ms'), [
  ['100', 100],
  ['100ms', 100],
  ['1s', 1_000],
  ['0', null],
]);

table('rate', rate({ min: 0, max: 1_000_000 }), [
  ['0', 0],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['400', 400],
  ['400/s', 400],
  ['20k', 20_000],
  ['20k/s', 20_000],
  ['2m', null],
  ['-4', null],
  ['4/min', null],
  ['fast', null],
]);

table('fraction', fraction, [
  ['0.95', 0.95],
  ['.5', 0.5],
  [0.99, 0.99],
  [0, null],
  [1, null],
  ['95', null],
]);

table('choice', choice(['json', 'text']), [
  ['json', 'json'],
  ['JSON', null],
  ['', null],
  [1, null],
]);

test('a refused value says what is right, with the range', () => {
  const parsed = count({ min: 1, max: 10_000_000 })('abc');
  assert.equal(parsed.ok, false);
  assert.match(parsed.ok ? '' : parsed.expected, /whole number from 1 to 10,000,000.*20k/);
});

test('a refused size says what KB means', () => {
  const parsed = size({ min: 41, max: 1_048_576 })('1GB');
  assert.match(parsed.ok ? '' : parsed.expected, /KB = KiB = 1,024/);
});

test('a word that is near a choice is suggested', () => {
  const parsed = choice(['uniform', 'poisson'])('poison');
  assert.match(parsed.ok ? '' : parsed.expected, /did you mean "poisson"/);
});

table('decimal', decimal({ min: 0, max: 1 }), [
  ['0', 0],
  ['.5', 0.5],
  [1, 1],
  ['1.1', null],
  ['-0.1', null],
  ['50%', null],
  ['', null],
]);

const SHAPE = [
  { durationMs: 10_000, ratePerSecond: 400 },
  { durationMs: 500, ratePerSecond: 4_000 },
];

for (const [input, expected] of [
  ['10s@400,500ms@4k', SHAPE],
  [' 10s@400/s , 500ms@4k/s ', SHAPE],
  [
    [
      { duration: '10s', rate: '400' },
      { duration: 500, rate: 4_000 },
    ],
    SHAPE,
  ],
  [SHAPE, SHAPE],
  ['', []],
  [[], []],
] as const) {
  test(`a load shape ${JSON.stringify(input)} is read`, () => {
    assert.deepEqual(loadStages(input), { ok: true, value: expected });
  });
}

for (const [input, pattern] of [
  ['10s', /stage 1: rate: a rate per second/],
  ['10s@400,5@400', /stage 2: duration: .*with its unit/],
  ['10s@400@5', /stage 1: /],
  ['10s@-1', /stage 1: rate/],
  ['500ms@400', /1s to 24h together/],
  ['20h@1,5h@1', /1s to 24h together/],
  ['10s@0', /a rate above 0/],
  [[{ duration: '10s', rates: 4 }], /stage 1: duration and rate, no "rates"/],
  [[5], /stage 1: /],
  [5, /10s@400,5s@4k/],
  [Array(101).fill({ duration: '1s', rate: 1 }), /at most 100 stages/],
] as const) {
  test(`a load shape ${JSON.stringify(input).slice(0, 60)} is refused`, () => {
    const parsed = loadStages(input);
    assert.match(parsed.ok ? '' : parsed.expected, pattern);
  });
}
