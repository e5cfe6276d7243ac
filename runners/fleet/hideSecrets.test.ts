import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideSecrets } from './hideSecrets.ts';

const REQUEST = {
  path: '/',
  headers: { authorization: 'Bearer k3y-of-mine', 'x-app': 'web', 'x-next': 't0k/en-renewed' },
};

for (const [said, shown] of [
  ['gRPC UNAUTHENTICATED: k3y-of-mine has expired', 'gRPC UNAUTHENTICATED: … has expired'],
  ['HTTP 302, Location: /login?next=t0k%2Fen&h=Bearer k3y-of-mine', 'HTTP 302, Location: /login?next=…&h=…'],
  ['close 1008 no t0k/en', 'close 1008 no …'],
  ['HTTP 401 on the web, by Bearer', 'HTTP 401 on the web, by Bearer'],
  ['close 1008 t0k/en-renewed', 'close 1008 …'],
] as const) {
  test(`"${said}" is told as "${shown}"`, () => {
    const detail = { reason: 'other', detail: said, retryable: true } as const;
    const hidden = hideSecrets(detail, REQUEST, { token: 't0k/en' });
    assert.deepEqual(hidden, { ...detail, detail: shown });
  });
}

test('without secrets nothing is looked for', () => {
  const detail = { reason: 'refused', detail: 'ECONNREFUSED', retryable: true } as const;
  assert.equal(hideSecrets(detail, { path: '/', headers: {} }, { token: null }), detail);
});
