import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlowStore } from './slowStore.ts';

test('holds so many reads of a connection, and takes more when they are done', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const store = new SlowStore(50);
  const [eager, other] = [{}, {}];
  let done = 0;
  const asks = (connection: object) => store.read(connection, () => done++);
  const taken = Array.from({ length: 1_000 }, () => asks(eager)).filter(Boolean).length;
  assert.ok(taken > 1 && taken < 100, `${taken} taken`);
  assert.equal(asks(other), true);
  t.mock.timers.tick(50);
  assert.equal(done, taken + 1);
  assert.equal(asks(eager), true);
});
