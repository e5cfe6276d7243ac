import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jitterOf } from './jitter.ts';

const LINE = Array.from({ length: 17 }, (_, i) => 100 + i);

test('an even growth has a range and no jitter', () => {
  const found = jitterOf(LINE);
  assert.ok(found);
  assert.ok(found.jitter < 1e-12);
  assert.equal(found.range, 16);
  assert.equal(found.mean, 108);
});

test('a saw about a level: its deviation over the mean', () => {
  const found = jitterOf(Array.from({ length: 1_000 }, (_, i) => 100 + (i % 2 === 0 ? 5 : -5)));
  assert.ok(found);
  assert.ok(Math.abs(found.jitter - 0.05) < 1e-3, `${found.jitter}`);
  assert.equal(found.range, 10);
});

test('the saw is found on top of a growth too', () => {
  const found = jitterOf(Array.from({ length: 1_000 }, (_, i) => 1_000 + i / 10 + (i % 2 === 0 ? 5 : -5)));
  assert.ok(found);
  assert.ok(Math.abs(found.jitter * found.mean - 5) < 0.05, `${found.jitter * found.mean}`);
});

for (const samples of [[], [1], [1, 2], [0, 0, 0]]) {
  test(`nothing is said of ${JSON.stringify(samples)}`, () => {
    assert.equal(jitterOf(samples), null);
  });
}
