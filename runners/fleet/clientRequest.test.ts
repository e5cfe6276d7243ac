import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientRequests } from './clientRequest.ts';

const VALUES = { topic: 't 1', slot: 42, token: 'a/b+c=' };

for (const [path, filled] of [
  ['/events', '/events'],
  ['/{slot}/{topic}?t={token}&again={topic}', '/42/t%201?t=a%2Fb%2Bc%3D&again=t%201'],
  ['/{other}/{slot}', '/{other}/42'],
] as const) {
  test(`${path} is filled in, percent-encoded`, () =>
    assert.equal(clientRequests({ path, headers: {} })(VALUES).path, filled));
}

test('headers are filled in as they are', () => {
  const headers = {
    authorization: 'Bearer {token}',
    'x-user': 'u{slot} of {topic}',
    cookie: '{token}{token}',
    'x-plain': '{}',
  };
  assert.deepEqual(clientRequests({ path: '/', headers })(VALUES).headers, {
    authorization: 'Bearer a/b+c=',
    'x-user': 'u42 of t 1',
    cookie: 'a/b+c=a/b+c=',
    'x-plain': '{}',
  });
});

test('headers without placeholders are one object for all', () => {
  const headers = { 'x-key': 'k' };
  const requestOf = clientRequests({ path: '/', headers });
  assert.equal(requestOf(VALUES).headers, headers);
  assert.equal(requestOf({ ...VALUES, slot: 2 }).headers, headers);
});

test('a token that is not there is a fault of ours, and no text', () => {
  assert.throws(() => clientRequests({ path: '/?{token}', headers: {} })({ ...VALUES, token: null }));
});
