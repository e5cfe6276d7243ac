import assert from 'node:assert/strict';
import { it } from 'node:test';
import { requestFields } from './requestFields.ts';

const fieldsFor = (headers: Record<string, string>, isSecure = false) => {
  const target = { host: '127.0.0.1', port: 80, path: '/events?topic=t0', headers };
  return requestFields(target, isSecure, 'GET', '/events', { accept: 'text/event-stream', te: 'trailers' });
};
const PSEUDO = [':method', 'GET', ':scheme', 'http', ':authority', '127.0.0.1:80', ':path', '/events'];
const OWN = ['accept', 'text/event-stream', 'te', 'trailers'];

it('puts pseudo-header fields first', () => {
  assert.deepEqual(fieldsFor({}), [...PSEUDO, ...OWN]);
});

it('says https where the connection is secure', () => {
  assert.equal(fieldsFor({}, true)[3], 'https');
});

it("writes the user's names in lower case, in place of its own", () => {
  assert.deepEqual(fieldsFor({ Accept: 'x/y', 'X-Key': 'K' }), [
    ...PSEUDO,
    'accept',
    'x/y',
    'te',
    'trailers',
    'x-key',
    'K',
  ]);
});

it('takes the authority from a Host header', () => {
  assert.equal(fieldsFor({ Host: 'example.test' })[5], 'example.test');
});

it('leaves out what only HTTP/1.1 has', () => {
  const headers = {
    Connection: 'close',
    'Keep-Alive': '5',
    TE: 'gzip',
    Upgrade: 'h2c',
    'Transfer-Encoding': 'chunked',
  };
  assert.deepEqual(fieldsFor(headers), [...PSEUDO, ...OWN]);
});
