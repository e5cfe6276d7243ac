import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LastIds, MAX_ID_BYTES } from './lastIds.ts';

function take(ids: LastIds, id: string): boolean {
  const bytes = Buffer.from(`<${id}>`, 'latin1');
  return ids.take(0, bytes, 1, bytes.length - 1);
}

describe('last ids', () => {
  it('give back every id byte for byte', () => {
    const ids = new LastIds(1);
    assert.equal(ids.get(0), null);
    for (const id of [
      '0',
      '7',
      '007',
      '999999999999999',
      '1234567890123456789',
      '-1',
      '-2',
      '1e3',
      'a/b \u00fc',
      '5',
    ]) {
      assert.ok(take(ids, id));
      assert.equal(ids.get(0), id);
    }
  });

  it('are forgotten on an empty one', () => {
    const ids = new LastIds(1);
    take(ids, 'opaque');
    take(ids, '');
    assert.equal(ids.get(0), null);
  });

  it('stay as they are where the new one is too long to keep', () => {
    const ids = new LastIds(1);
    take(ids, '41');
    assert.equal(take(ids, 'x'.repeat(MAX_ID_BYTES + 1)), false);
    assert.equal(ids.get(0), '41');
    assert.ok(take(ids, 'x'.repeat(MAX_ID_BYTES)));
    assert.equal(ids.get(0)?.length, MAX_ID_BYTES);
  });
});
