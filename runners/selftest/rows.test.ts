import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactly, near, same, told } from './rows.ts';

const show = (value: number) => `${value} us`;

test('a figure passes up to its tolerance, on both sides, and fails beyond it', () => {
  const verdictAt = (measured: number | null) =>
    near({ claim: 'a claim', expected: 100, measured, tolerance: 5 }, show).verdict;
  assert.deepEqual([94, 95, 100, 105, 106].map(verdictAt), ['fail', 'pass', 'pass', 'pass', 'fail']);
});

test('what is not defined, or no number, is never what was expected', () => {
  for (const measured of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
    const row = near({ claim: 'a claim', expected: 0, measured, tolerance: 1e9 }, show);
    assert.equal(row.verdict, 'fail');
    assert.equal(row.figures?.measured, null, 'JSON knows no other');
  }
  assert.equal(near({ claim: 'c', expected: 0, measured: null, tolerance: 1 }, show).measured, 'not defined');
});

test('a row shows its figures with their unit', () => {
  const row = near({ claim: 'a claim', expected: 100, measured: 101, tolerance: 5 }, show);
  assert.deepEqual([row.expected, row.measured, row.tolerance], ['100 us', '101 us', '±5 us']);
  assert.deepEqual(row.figures, { expected: 100, measured: 101, tolerance: 5 });
});

test('a count is right to the last one', () => {
  assert.equal(exactly('lost', 7, 7).verdict, 'pass');
  assert.equal(exactly('lost', 7, 8).verdict, 'fail');
  assert.equal(exactly('lost', 1_000, 1_000).tolerance, 'exact');
  assert.equal(exactly('lost', 1_000, 1_000).expected, '1,000');
});

test('words are the same or they are not', () => {
  assert.equal(same('verdict', 'VALID', 'VALID').verdict, 'pass');
  assert.equal(same('verdict', 'VALID', 'INVALID').verdict, 'fail');
});

test('what is told beside the claims is not judged', () => {
  assert.equal(told('another tool would have said', '1 ms').verdict, 'info');
});
