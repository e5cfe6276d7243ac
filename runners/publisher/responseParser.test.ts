import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseParser } from './responseParser.ts';

type Seen = readonly (readonly [status: number, keepAlive: boolean])[];

function parse(text: string, cuts: readonly number[], ends: boolean): Seen {
  const seen: [number, boolean][] = [];
  const parser = new ResponseParser({ onResponse: (status, keepAlive) => seen.push([status, keepAlive]) });
  let from = 0;
  for (const to of [...cuts, text.length]) {
    parser.push(Buffer.from(text.slice(from, to), 'latin1'));
    from = to;
  }
  if (ends) parser.end();
  return seen;
}

const CHUNKED = 'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n';
const OK = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';

for (const [name, text, expected] of [
  [
    'two without a body',
    OK + OK,
    [
      [202, true],
      [202, true],
    ],
  ],
  [
    'a body that looks like an answer',
    `HTTP/1.1 200 OK\r\ncontent-length:${OK.length}\r\n\r\n${OK}${OK}`,
    [
      [200, true],
      [202, true],
    ],
  ],
  [
    'chunks with an extension',
    `${CHUNKED}3;x=y\r\nabc\r\nA\r\n0123\r\n6789\r\n0\r\n\r\n${OK}`,
    [
      [202, true],
      [202, true],
    ],
  ],
  [
    'chunks with trailers',
    `${CHUNKED}1\r\na\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n${OK}`,
    [
      [202, true],
      [202, true],
    ],
  ],
  [
    'no content',
    `HTTP/1.1 204 No Content\r\n\r\n${OK}`,
    [
      [204, true],
      [202, true],
    ],
  ],
  ['100 before the answer', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, [[202, true]]],
  [
    'the server closes after it',
    'HTTP/1.1 429 Slow\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nno',
    [[429, false]],
  ],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', [[200, false]]],
  [
    'HTTP/1.0 kept alive',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
    [[200, true]],
  ],
  ['a body that ends with the connection', 'HTTP/1.1 500 Oops\r\n\r\nwhat follows is body', [[500, false]]],
] as const) {
  test(`answers cut at each byte: ${name}`, () => {
    for (let cut = 0; cut <= text.length; cut++)
      assert.deepEqual(parse(text, [cut], true), expected, `cut at ${cut}`);
    const everywhere = Array.from({ length: text.length }, (_, i) => i);
    assert.deepEqual(parse(text, everywhere, true), expected);
  });
}

test('an answer that the end of the connection cuts is none', () => {
  assert.deepEqual(parse('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab', [], true), []);
  assert.deepEqual(parse(`${CHUNKED}3\r\nab`, [], true), []);
});

for (const text of [
  'SSH-2.0-OpenSSH\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n',
  `${CHUNKED}zz\r\n`,
  'x'.repeat(20_000),
]) {
  test(`refuses ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.throws(() => parse(text, [], false), RangeError);
  });
}
