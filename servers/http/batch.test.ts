import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBatch } from './batch.ts';

test('parses records whose data look like anything', () => {
  const data = ['abc', '', 't2 3\nxyz\n', '\n', 'ä€'];
  const body = data.map((text, i) => `t${i} ${Buffer.byteLength(text)}\n${text}\n`).join('');
  const parsed = parseBatch(Buffer.from(body));
  assert.equal(parsed.state, 'parsed');
  assert.deepEqual(
    parsed.records.map((record) => [record.topic, record.data.toString()]),
    data.map((text, i) => [`t${i}`, text]),
  );
});

test('says which record is damaged, where, and how', () => {
  const rows: readonly (readonly [body: string, fault: RegExp])[] = [
    ['', /no record/],
    ['t1 3\nabc\nt1 x\nabc\n', /record 1 at byte 9: its length is not/],
    ['t1 4\nabc\n', /record 0 at byte 0: its data does not end/],
    ['t1 99999999999999999999\nabc\n', /its data does not end/],
    ['t1 \nabc\n', /its length is not/],
    ['t1', /its head has no end/],
    [`${'t'.repeat(200)} 3\nabc\n`, /its head has no end/],
    ['ü 3\nabc\n', /visible ASCII/],
  ];
  for (const [body, fault] of rows) {
    const parsed = parseBatch(Buffer.from(body));
    assert.equal(parsed.state, 'damaged', body);
    assert.match(parsed.fault, fault, body);
  }
});

test('is damaged by every cut but the one between two records', () => {
  const body = Buffer.from('t1 3\nabc\nt2 2\nxy\n');
  for (let length = 0; length < body.length; length++) {
    const expected = length === 9 ? 'parsed' : 'damaged';
    assert.equal(parseBatch(body.subarray(0, length)).state, expected, `first ${length} bytes`);
  }
});
