import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { nowUs } from './clock.ts';

/** What the calibration of two processes may be apart, microseconds. */
const TOLERANCE_US = 100;

test('never runs backwards', () => {
  let last = nowUs();
  for (let i = 0; i < 10_000; i++) {
    const now = nowUs();
    assert.ok(now >= last, `${now} after ${last}`);
    last = now;
  }
});

test('agrees with the monotonic clock of the host', () => {
  const before = Number(process.hrtime.bigint()) / 1_000;
  const now = nowUs();
  const after = Number(process.hrtime.bigint()) / 1_000;
  assert.ok(now >= before - TOLERANCE_US && now <= after + TOLERANCE_US, `${before} ${now} ${after}`);
});

test('a time read in another process lies between two read here around it', async () => {
  const child = fork(new URL('./fixtures/tellTime.ts', import.meta.url));
  try {
    await once(child, 'message');
    for (let i = 0; i < 5; i++) {
      const before = nowUs();
      child.send('now');
      const [there] = await once(child, 'message');
      const after = nowUs();
      assert.ok(
        there >= before - TOLERANCE_US && there <= after + TOLERANCE_US,
        `${before} ${there} ${after}`,
      );
    }
  } finally {
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }
});
