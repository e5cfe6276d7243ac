import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

const GRPC = { stage: ['grpc'] };
const at = (discovery: string) => ({ flags: { ...GRPC, discovery } });

for (const [discovery, expected] of [
  ['static', ['static', null]],
  ['etcd', ['etcd', null]],
  ['etcd://127.0.0.1:2379', ['etcd', 'http://127.0.0.1:2379']],
  ['etcd://[::1]:2379/', ['etcd', 'http://[::1]:2379']],
] as const) {
  test(`instances are listed at ${discovery}`, () => {
    const { kind, etcdUrl } = resolve(at(discovery)).discovery;
    assert.deepEqual([kind, etcdUrl], expected);
  });
}

for (const [name, discovery, pattern] of [
  ['no place', 'consul', /^--discovery: static, etcd, or the address/],
  ['an address without a port', 'etcd://127.0.0.1', /^--discovery: static, etcd, or the address/],
  ['a path behind the port', 'etcd://127.0.0.1:2379/mine', /^--discovery: nothing behind the port/],
  ['a user', 'etcd://me@127.0.0.1:2379', /^--discovery: no user and password/],
] as const) {
  test(`refused: ${name}`, () => hasFault(at(discovery), pattern));
}

test('a password is refused, and not said again', () => {
  const faults = faultsOf(at('etcd://me:s3cret@192.0.2.1:2379'));
  assert.ok(faults.length > 0);
  assert.doesNotMatch(faults.join(), /s3cret/);
});

test('an etcd on another machine needs a word, and one is enough', () => {
  const remote = at('etcd://192.0.2.1:2379');
  hasFault(remote, /^--discovery: a loopback address.*--allow-remote/);
  const { discovery } = resolve({ flags: { ...remote.flags, allowRemote: true } });
  assert.equal(discovery.etcdUrl, 'http://192.0.2.1:2379');
});
