import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestSupportedQuantile, messagesNeeded } from './support.ts';

test('messages that a percentile needs for its upper bound to be a value that was seen', () => {
  for (const [quantile, messages] of [
    [0.5, 6],
    [0.9, 36],
    [0.95, 72],
    [0.99, 368],
    [0.999, 3_688],
  ] as const) {
    assert.equal(messagesNeeded(quantile), messages, `q ${quantile}`);
    assert.ok(quantile ** messages <= 0.025 && quantile ** (messages - 1) > 0.025);
  }
});

test('the highest supported quantile is the other way round', () => {
  assert.equal(highestSupportedQuantile(0), 0);
  for (const quantile of [0.9, 0.99, 0.999]) {
    const messages = messagesNeeded(quantile);
    assert.ok(highestSupportedQuantile(messages) >= quantile);
    assert.ok(highestSupportedQuantile(messages - 1) < quantile);
  }
});
