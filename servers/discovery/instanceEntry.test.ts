import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceKey, instanceValue, parseInstance, servicePrefix } from './instanceEntry.ts';

const INSTANCE = { nodeId: 'n1', endpoints: [{ host: '127.0.0.1', port: 4000 }], weight: 3 };
const VALUE = instanceValue(INSTANCE);

test('an instance stands under its first address and is read as it was written', () => {
  assert.equal(instanceKey('push', INSTANCE), '/services/push/127.0.0.1:4000');
  assert.deepEqual(parseInstance(VALUE), INSTANCE);
});

test('an entry without a weight has that of one', () => {
  assert.equal(parseInstance(JSON.stringify({ ...INSTANCE, weight: undefined }))?.weight, 1);
});

for (const [what, text] of [
  ['nothing', ''],
  ['no JSON', '{"nodeId":'],
  ['null', 'null'],
  ['a list', '[]'],
  ['no node id', JSON.stringify({ ...INSTANCE, nodeId: undefined })],
  ['a node id with a line break', JSON.stringify({ ...INSTANCE, nodeId: 'a\nb' })],
  ['no address', JSON.stringify({ ...INSTANCE, endpoints: [] })],
  ['addresses that are no list', JSON.stringify({ ...INSTANCE, endpoints: { length: 1 } })],
  ['an address without a host', JSON.stringify({ ...INSTANCE, endpoints: [{ port: 1 }] })],
  ['a host with a space', JSON.stringify({ ...INSTANCE, endpoints: [{ host: 'a b', port: 1 }] })],
  ['port 0', JSON.stringify({ ...INSTANCE, endpoints: [{ host: 'a', port: 0 }] })],
  ['a port as text', JSON.stringify({ ...INSTANCE, endpoints: [{ host: 'a', port: '1' }] })],
  ['a weight of 0', JSON.stringify({ ...INSTANCE, weight: 0 })],
  ['a weight that is no whole number', JSON.stringify({ ...INSTANCE, weight: 1.5 })],
  ['more than is read', VALUE.padEnd(20_000)],
] as const) {
  test(`is no instance: ${what}`, () => assert.equal(parseInstance(text), null));
}

for (const service of ['', 'a/b', 'a b', 'x'.repeat(101)]) {
  test(`is no service: ${JSON.stringify(service.slice(0, 10))}`, () => {
    assert.throws(() => servicePrefix(service), RangeError);
  });
}
