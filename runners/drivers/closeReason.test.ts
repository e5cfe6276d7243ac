import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { socketErrorDetail, statusDetail } from './closeReason.ts';

describe('close reasons', () => {
  for (const [code, reason, retryable] of [
    ['ECONNREFUSED', 'refused', true],
    ['ECONNRESET', 'reset', true],
    ['EPIPE', 'reset', true],
    ['ETIMEDOUT', 'timeout', true],
    ['EADDRNOTAVAIL', 'no-ports', true],
    ['EMFILE', 'too-many-files', true],
    ['ENFILE', 'too-many-files', true],
    ['EHOSTUNREACH', 'other', true],
    ['ENOTFOUND', 'other', false],
  ] as const) {
    it(`${code} is ${reason}`, () => {
      const error = Object.assign(new Error('failed'), { code });
      assert.deepEqual(socketErrorDetail(error), { reason, detail: code, retryable });
    });
  }

  it('says which statuses pass with time', () => {
    const retryable = [204, 301, 400, 404, 408, 429, 500, 503].filter((s) => statusDetail(s, null).retryable);
    assert.deepEqual(retryable, [408, 429, 500, 503]);
    assert.equal(statusDetail(302, '/there').detail, 'HTTP 302, Location: /there');
  });
});
