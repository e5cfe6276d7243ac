import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Range } from './range.ts';
import { type Given, judged, scoresOf, totalOf } from './scores.ts';

const figure = (value: number, low = value, high = value): Given => ({
  figure: { low, value, high, hasInterval: true },
  verdict: 'VALID',
  isWorst: false,
});
const ends = ({ low, value, high }: Range) => [low, value, high].map((end) => Math.round(end * 100) / 100);

test('the least has 10, twice as much 7, ten times as much and more 0', () => {
  const scores = scoresOf([figure(100), figure(200), figure(1_000), figure(5_000)]);
  assert.deepEqual(
    scores.map(({ score }) => ends(score)[1]),
    [10, 6.99, 0, 0],
  );
});

test('the ends of a figure are the ends of its score, and lie apart where those of the figures do', () => {
  const [best, other, third] = scoresOf([figure(100, 90, 120), figure(150, 130, 200), figure(150, 110, 160)]);
  assert.deepEqual(ends(best.score), [9.21, 10, 10]);
  assert.deepEqual(ends(other.score), [6.99, 8.24, 8.86]);
  assert.ok(other.score.high < best.score.low);
  assert.ok(third.score.high > best.score.low);
});

test('what is INVALID, missing or of too few runs may be anything; what is INVALID is no reference', () => {
  const single = figure(50);
  const scores = scoresOf([
    figure(100),
    { ...figure(1), verdict: 'INVALID' },
    { figure: null, verdict: 'VALID', isWorst: false },
    { ...single, figure: single.figure && { ...single.figure, hasInterval: false } },
  ]);
  for (const { score, because } of scores.slice(1)) {
    assert.deepEqual(ends(score), [0, 5, 10]);
    assert.notEqual(because, null);
  }
  // The single run is the lowest usable median: twice its figure is 7.
  assert.equal(ends(scores[0].score)[1], 6.99);
});

test('a percentile of too few messages is not said to be unmeasured', () => {
  const why = 'too few messages behind it';
  const [, few] = scoresOf([figure(100), { figure: null, verdict: 'VALID', isWorst: false, why }]);
  assert.deepEqual([few.because, ends(few.score)], [why, [0, 5, 10]]);
});

test('a percentile that was lost is worse than any that was not', () => {
  const [, lost] = scoresOf([figure(100), { figure: null, verdict: 'VALID', isWorst: true }]);
  assert.deepEqual(ends(lost.score), [0, 0, 0]);
});

test('a total is the weighted mean, once for each end', () => {
  const [latency] = scoresOf([figure(100, 100, 200)]);
  const total = totalOf(
    new Map([
      ['latency', latency],
      ['operability', judged(4)],
    ]),
    new Map([
      ['latency', 3],
      ['operability', 1],
    ]),
  );
  assert.deepEqual(ends(total), [6.24, 8.5, 8.5]);
});
