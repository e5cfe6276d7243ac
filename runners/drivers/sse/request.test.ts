import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../../contract/errors.ts';
import { checkTarget, requestText } from './request.ts';

const target = { host: '127.0.0.1', port: 81, path: '/events?topic=t1', headers: {} };

describe('event-stream request', () => {
  it('asks for a stream, and resumes where there is an id', () => {
    assert.equal(
      requestText(target, '41'),
      'GET /events?topic=t1 HTTP/1.1\r\nhost: 127.0.0.1:81\r\naccept: text/event-stream\r\n' +
        'cache-control: no-cache\r\nlast-event-id: 41\r\n\r\n',
    );
    assert.doesNotMatch(requestText(target, null), /last-event-id/);
  });

  it("lets the user's headers take the place of ours", () => {
    const text = requestText(
      { ...target, host: '::1', headers: { Accept: '*/*', Authorization: 'Bearer x' } },
      null,
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
