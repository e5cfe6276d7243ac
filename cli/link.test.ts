import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

for (const [text, rttMs, jitterMs] of [
  ['rtt=80ms', 80, 0],
  ['rtt=80ms,jitter=20ms', 80, 20],
  ['jitter=80ms, rtt=80ms', 80, 80],
  ['rtt=0.5ms', 0.5, 0],
  ['rtt=1.2s', 1_200, 0],
  ['rtt=0ms', 0, 0],
] as const) {
  test(`a link of ${text}`, () =>
    assert.deepEqual(resolve({ flags: { link: text } }).link, { rttMs, jitterMs }));
}

test('without it there is no link, and the environment gives one too', () => {
  assert.equal(resolve({}).link, null);
  assert.deepEqual(resolve({ env: { BENCH_LINK: 'rtt=30ms' } }).link, { rttMs: 30, jitterMs: 0 });
});

for (const [name, text, pattern] of [
  ['a bare time', '80ms', /^--link: a round trip and perhaps its jitter, such as rtt=80ms/],
  ['a time without its unit', 'rtt=80', /^--link: a time from 0s to 10s, with its unit/],
  ['no round trip', 'jitter=20ms', /^--link: rtt as well/],
  ['jitter above the round trip', 'rtt=10ms,jitter=20ms', /^--link: jitter of at most rtt/],
  ['a key twice', 'rtt=10ms,rtt=20ms', /^--link: rtt once/],
  ['a key that is nearly one', 'rtt=10ms,jiter=1ms', /^--link: one of rtt, jitter.*jitter/],
  ['loss', 'rtt=10ms,loss=1%', /^--link: rtt and jitter only: loss is not emulated/],
  ['a negative time', 'rtt=-1ms', /^--link: a time from 0s/],
  ['an eternity', 'rtt=11s', /^--link: a time from 0s to 10s/],
] as const) {
  test(`refused: ${name}`, () => hasFault({ flags: { link: text } }, pattern));
}

test('all that is wrong with a link is told at once', () => {
  assert.equal(faultsOf({ flags: { link: 'rtt=x,loss=1%,jitter' } }).length, 3);
});
