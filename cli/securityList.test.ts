import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFault, resolve } from './testing/resolving.ts';

test('connections are plain unless something else is asked for; a list is taken in order, each once', () => {
  assert.deepEqual(resolve({ flags: {} }).security, ['plain']);
  assert.deepEqual(resolve({ flags: { security: ['mtls-jwt,plain', 'plain'] } }).security, [
    'mtls-jwt',
    'plain',
  ]);
  assert.deepEqual(resolve({ env: { BENCH_SECURITY: 'tls' } }).security, ['tls']);
});

for (const [name, flags, pattern] of [
  ['an unknown kind', { security: ['mtls'] }, /^--security: one of plain, tls, mtls-jwt/],
  [
    'a server of the own',
    { target: 'http://127.0.0.1:9000', security: ['tls'] },
    /^--security: not together with --target/,
  ],
] as const) {
  test(`--security is refused: ${name}`, () => hasFault({ flags }, pattern));
}
