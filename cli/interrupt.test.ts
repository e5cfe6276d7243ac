import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenForInterrupt } from './interrupt.ts';
import { testSystem } from './testing/testSystem.ts';

test('the first press aborts, the same press from elsewhere is ignored, the second ends', () => {
  const system = testSystem([]);
  let now = 0;
  let told = 0;
  const interrupt = listenForInterrupt(
    system,
    () => told++,
    () => now,
  );
  system.press('SIGINT');
  assert.equal(interrupt.signal.aborted, true);
  now = 299_000;
  system.press('SIGTERM');
  assert.deepEqual(system.ended, []);
  now = 301_000;
  system.press('SIGINT');
  assert.deepEqual(system.ended, [130]);
  assert.equal(told, 1);
});

test('after release nothing listens', () => {
  const system = testSystem([]);
  const interrupt = listenForInterrupt(system, () => {});
  interrupt.release();
  system.press('SIGINT');
  assert.equal(interrupt.signal.aborted, false);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} stops a run, so that what was measured is written`, () => {
    const system = testSystem([]);
    const interrupt = listenForInterrupt(system, () => {});
    system.press(signal);
    assert.equal(interrupt.signal.aborted, true);
    interrupt.release();
  });
}
