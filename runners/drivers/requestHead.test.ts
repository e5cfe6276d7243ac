import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../contract/errors.ts';
import { checkTarget, requestText } from './requestHead.ts';

const target = { host: '127.0.0.1', port: 81, path: '/events?topic=t1', headers: {} };

describe('request head', () => {
  it('has the headers of the protocol after the host', () => {
    assert.equal(
      requestText(target, { accept: 'text/event-stream', 'last-event-id': '41' }),
      'GET /events?topic=t1 HTTP/1.1\r\nhost: 127.0.0.1:81\r\naccept: text/event-stream\r\nlast-event-id: 41\r\n\r\n',
    );
  });

  it("lets the user's headers take the place of ours", () => {
    const text = requestText(
      { ...target, host: '::1', headers: { Accept: '*/*', Authorization: 'Bearer x' } },
      { accept: 'text/event-stream' },
    );
    assert.match(text, /\r\nhost: \[::1\]:81\r\n/);
    assert.match(text, /\r\naccept: \*\/\*\r\n/);
    assert.match(text, /\r\nauthorization: Bearer x\r\n/);
  });

  it('refuses what would break the head, without showing values of headers', () => {
    const broken = { ...target, path: 'no slash', headers: { 'X-Key': 'secret\r\nX-Other: 1', 'a b': 'c' } };
    assert.throws(
      () => checkTarget(broken),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.deepEqual(
          error.faults.map((fault) => fault.key),
          ['path', 'headers', 'headers'],
        );
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });
});
