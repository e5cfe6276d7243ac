import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expiries } from './expiries.ts';

interface Item {
  readonly name: string;
}

function expiries() {
  const ended: string[] = [];
  const all = new Expiries<Item>(({ name }) => ended.push(name));
  return { all, ended };
}

test('each ends once, when its time is over and not before', () => {
  const { all, ended } = expiries();
  all.closeAt(5_000, { name: 'early' });
  all.closeAt(5_001, { name: 'late' });
  all.sweep(4_999);
  assert.deepEqual(ended, []);
  all.sweep(5_000);
  assert.deepEqual(ended, ['early']);
  all.sweep(6_000);
  all.sweep(7_000);
  assert.deepEqual(ended, ['early', 'late']);
  all.stop();
});

test('what is forgotten does not end, and a later time takes the place of an earlier one', () => {
  const { all, ended } = expiries();
  const [gone, moved] = [{ name: 'gone' }, { name: 'moved' }];
  all.closeAt(1_000, gone);
  all.closeAt(1_000, moved);
  all.forget(gone);
  all.forget(gone);
  all.closeAt(3_000, moved);
  all.sweep(2_000);
  assert.deepEqual(ended, []);
  all.sweep(3_000);
  assert.deepEqual(ended, ['moved']);
  all.stop();
});

test('one timer serves all, and keeps no process alive', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const { all, ended } = expiries();
  for (let i = 0; i < 1_000; i++) all.closeAt(2_000, { name: String(i) });
  t.mock.timers.tick(1_000);
  assert.equal(ended.length, 0);
  t.mock.timers.tick(1_000);
  assert.equal(ended.length, 1_000);
  all.stop();
});
