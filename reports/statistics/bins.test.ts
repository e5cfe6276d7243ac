import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BINS, binOf, valueOfBin } from './bins.ts';

test('below 64 us every microsecond has a bin of its own', () => {
  for (let us = 0; us < 64; us++) assert.equal(valueOfBin(binOf(us)), us);
});

test('the middle of a bin is at most 1.6 % from any value in it, and bins never run backwards', () => {
  let lastBin = -1;
  for (let us = 1; us < 2 ** 31; us = Math.ceil(us * 1.013)) {
    const bin = binOf(us);
    assert.ok(bin >= lastBin && bin < BINS, `${us} us in bin ${bin} after ${lastBin}`);
    assert.ok(Math.abs(valueOfBin(bin) - us) <= us * 0.016, `${us} us told as ${valueOfBin(bin)}`);
    lastBin = bin;
  }
});

test('a new bin begins at each of 32 steps between two powers of two', () => {
  for (const power of [64, 1_024, 2 ** 20, 2 ** 30]) {
    const bins = new Set<number>();
    for (let step = 0; step < 32; step++) bins.add(binOf(power + (step * power) / 32));
    assert.equal(bins.size, 32);
    assert.equal(binOf(power), binOf(power - 1) + 1);
  }
});

test('what is negative or beyond 36 minutes shares the first and the last bin', () => {
  assert.equal(binOf(-5), 0);
  assert.equal(binOf(2 ** 31), binOf(2 ** 31 - 1));
  assert.equal(binOf(1e12), binOf(2 ** 31 - 1));
  assert.ok(binOf(1e12) < BINS);
});
