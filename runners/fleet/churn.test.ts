import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Churn } from './churn.ts';

test('connections come due at an even pace, each once', () => {
  const churn = new Churn();
  churn.begin(10, 1_000_000);
  const at = [1_000_000, 1_099_999, 1_100_000, 1_350_000, 2_000_000];
  assert.deepEqual(
    at.map((nowUs) => churn.takeDue(nowUs)),
    [0, 0, 1, 2, 7],
  );
});

test('none come due before it begins, and none after it ended', () => {
  const churn = new Churn();
  assert.equal(churn.takeDue(5_000_000), 0);
  churn.begin(10, 1_000_000);
  churn.takeDue(2_000_000);
  churn.begin(0, 2_000_000);
  assert.equal(churn.takeDue(9_000_000), 0);
});
