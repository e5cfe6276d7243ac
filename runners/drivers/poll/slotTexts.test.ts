import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlotTexts } from './slotTexts.ts';

test('gives back each text as it was', () => {
  const texts = new SlotTexts(2);
  assert.equal(texts.get(0), null);
  for (const text of ['0', '17', '007', '', '999999999999999', '9007199254740993', '-1', '1e3', 'W/"x"']) {
    texts.set(0, text);
    assert.equal(texts.get(0), text);
  }
  texts.set(0, '5');
  assert.equal(texts.get(0), '5');
  texts.set(0, null);
  assert.deepEqual([texts.get(0), texts.get(1)], [null, null]);
});
