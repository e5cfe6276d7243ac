import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, type Subject, start } from './serverConformanceClient.ts';

/** The rules of CORS (Fetch standard, section 3.2), for what pages read over HTTP. */
export function corsTests(subject: Subject): void {
  const { http1, subscribe } = subject.fixture;
  if (http1 === null) throw new Error('only what is read over HTTP/1.1 is tested by the rules of CORS');

  test('lets the pages of allowed origins read, and no others', async (t) => {
    const { endpoint } = await start(t, subject, { allowedOrigins: ['https://app.example'] });
    const readBy = async (origin: string) => (await subscribe(t, endpoint, { headers: { origin } })).headers;
    const allowed = await readBy('https://app.example');
    assert.equal(allowed['access-control-allow-origin'], 'https://app.example');
    assert.equal(allowed.vary, 'Origin');
    for (const origin of ['https://app.example.evil', 'http://app.example', 'null']) {
      const headers = await readBy(origin);
      assert.equal(headers['access-control-allow-origin'], undefined, origin);
      assert.equal(headers.vary, 'Origin');
    }
    const preflight = await exchange(endpoint, http1.path, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers['access-control-allow-headers'] ?? '', /Last-Event-ID/);
  });
}
