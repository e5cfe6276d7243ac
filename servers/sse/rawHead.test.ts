import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRawHead } from './rawHead.ts';

const MAX_BYTES = 8_192;

function head(line: string, headers: readonly string[] = ['Host: x']): string {
  return `${[line, ...headers].join('\r\n')}\r\n\r\n`;
}

function parse(text: string) {
  return parseRawHead(Buffer.from(text, 'latin1'), MAX_BYTES);
}

test('takes what is plainly a request for an event stream', () => {
  const headers = [
    'HOST: x',
    'last-event-id:  7 ',
    'Origin: https://a.example',
    'Accept:',
    'X-Odd!: \xe4\t"',
    'Authorization: Bearer a.b.c',
    'X-Spiffe-Id: spiffe://a/b',
  ];
  assert.deepEqual(parse(head('GET /events?topic=a%2Fb HTTP/1.1', headers)), {
    asked: { state: 'valid', topic: 'a/b', lastEventId: '7' },
    origin: 'https://a.example',
    credentials: { authorization: 'Bearer a.b.c', 'x-spiffe-id': 'spiffe://a/b' },
  });
  assert.deepEqual(parse(head('GET /events HTTP/1.1')), {
    asked: { state: 'valid', topic: 'default', lastEventId: null },
    origin: undefined,
    credentials: { authorization: undefined, 'x-spiffe-id': undefined },
  });
});

const LEFT_TO_HTTP: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ['less than the path', 'GET'],
  ['another path', head('GET /eventsource HTTP/1.1')],
  ['another method', head('HEAD /events HTTP/1.1')],
  ['another version', head('GET /events HTTP/1.0')],
  ['an absolute target', head('GET http://x/events HTTP/1.1')],
  ['no host', head('GET /events HTTP/1.1', [])],
  ['two hosts', head('GET /events HTTP/1.1', ['Host: x', 'host: y'])],
  ['a folded header', head('GET /events HTTP/1.1', ['Host: x', ' y'])],
  ['a blank before the colon', head('GET /events HTTP/1.1', ['Host : x'])],
  ['a control character', head('GET /events HTTP/1.1', ['Host: x\u0000'])],
  ['a bare line feed', head('GET /events HTTP/1.1', ['Host: x\nX: y'])],
  ['a body', head('GET /events HTTP/1.1', ['Host: x', 'Content-Length: 0'])],
  ['a chunked body', head('GET /events HTTP/1.1', ['Host: x', 'Transfer-Encoding: chunked'])],
  ['an upgrade', head('GET /events HTTP/1.1', ['Host: x', 'Upgrade: h2c'])],
  ['a topic that is none', head('GET /events?topic=a%20b HTTP/1.1')],
  ['two requests', head('GET /events HTTP/1.1').repeat(2)],
  ['too many bytes', head('GET /events HTTP/1.1', ['Host: x', `X: ${'y'.repeat(MAX_BYTES)}`])],
];

for (const [what, text] of LEFT_TO_HTTP) {
  test(`leaves to HTTP: ${what}`, () => assert.equal(parse(text), null));
}

test('leaves every cut head to HTTP', () => {
  const whole = head('GET /events?topic=t1 HTTP/1.1');
  for (let length = 0; length < whole.length; length++) assert.equal(parse(whole.slice(0, length)), null);
});
