import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReadThrottle } from './readThrottle.ts';

/** A throttle by a clock of its own, and what it told its readers. */
function throttled() {
  const told: string[] = [];
  const time = { us: 0 };
  const throttle = new ReadThrottle(
    { pause: (slot) => told.push(`pause ${slot}`), resume: (slot) => told.push(`resume ${slot}`) },
    () => time.us,
  );
  const sweepAt = (us: number): void => {
    time.us = us;
    throttle.sweep();
  };
  return { throttle, told, sweepAt };
}

describe('read throttle', () => {
  it('leaves slots alone that have no bound', () => {
    const { throttle, told } = throttled();
    throttle.took(1, 1_000_000);
    assert.deepEqual(told, []);
  });

  it('pauses a slot that took its share, until the time for it has passed', () => {
    const { throttle, told, sweepAt } = throttled();
    throttle.limit(3, 1_000);
    throttle.took(3, 60);
    assert.deepEqual(told, []);
    throttle.took(3, 1_040);
    assert.deepEqual(told, ['pause 3']);
    sweepAt(990_000);
    assert.deepEqual(told, ['pause 3']);
    sweepAt(1_002_000);
    throttle.stop();
    assert.deepEqual(told, ['pause 3', 'resume 3']);
  });

  it('saves no more than a tenth of a second', () => {
    const { throttle, told, sweepAt } = throttled();
    throttle.limit(3, 1_000);
    sweepAt(60e6);
    throttle.took(3, 100);
    throttle.stop();
    assert.deepEqual(told, ['pause 3']);
  });

  it('lets a slot go on that has no bound any more', () => {
    const { throttle, told } = throttled();
    throttle.limit(3, 1_000);
    throttle.took(3, 5_000);
    throttle.limit(3, null);
    throttle.took(3, 5_000);
    assert.deepEqual(told, ['pause 3', 'resume 3']);
  });

  it('begins anew with each connection of a slot', () => {
    const { throttle, told } = throttled();
    throttle.limit(3, 1_000);
    throttle.took(3, 5_000);
    throttle.connected(3);
    throttle.took(3, 50);
    throttle.stop();
    assert.deepEqual(told, ['pause 3', 'resume 3']);
  });
});
