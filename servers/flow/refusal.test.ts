import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_FLOW_LIMITS, waterMarks } from '../../contract/flow.ts';
import { connectionRefusal, flowRefusal, refusalHeaders, refusalMetadata } from './refusal.ts';

const LIMITS = {
  ...DEFAULT_FLOW_LIMITS,
  connectionMessages: waterMarks(1_024),
  connectionBytes: waterMarks(65_536),
  serverMessages: waterMarks(10_000),
  serverBytes: waterMarks(1_000_000),
};

for (const [what, refusal, headers] of [
  [
    'bytes of the node above their mark',
    flowRefusal('server', { messages: 100, bytes: 1_000_001 }, LIMITS),
    [
      ['Retry-After', '1'],
      ['X-RateLimit-Remaining', '0'],
      [
        'RateLimit-Policy',
        '"server-messages";q=10000;qu="push-messages", "server-bytes";q=1000000;qu="content-bytes"',
      ],
      ['RateLimit', '"server-messages";r=9900;t=1, "server-bytes";r=0;t=1'],
    ],
  ],
  [
    'on the way down nothing is left either',
    flowRefusal('server', { messages: 0, bytes: 500_001 }, LIMITS),
    [
      ['Retry-After', '1'],
      ['X-RateLimit-Remaining', '0'],
      [
        'RateLimit-Policy',
        '"server-messages";q=10000;qu="push-messages", "server-bytes";q=1000000;qu="content-bytes"',
      ],
      ['RateLimit', '"server-messages";r=10000;t=1, "server-bytes";r=0;t=1'],
    ],
  ],
  [
    'messages of one subscriber, with a wait of one second and a bit',
    flowRefusal('connection', { messages: 1_025, bytes: 10_000 }, { ...LIMITS, retryAfterMs: 1_001 }),
    [
      ['Retry-After', '2'],
      ['X-RateLimit-Remaining', '0'],
      [
        'RateLimit-Policy',
        '"connection-messages";q=1024;qu="push-messages", "connection-bytes";q=65536;qu="content-bytes"',
      ],
      ['RateLimit', '"connection-messages";r=0;t=2, "connection-bytes";r=55536;t=2'],
    ],
  ],
  [
    'a node that is full',
    connectionRefusal(2, 5_000),
    [
      ['Retry-After', '5'],
      ['X-RateLimit-Remaining', '0'],
      ['RateLimit-Policy', '"connections";q=2;qu="concurrent-requests"'],
      ['RateLimit', '"connections";r=0;t=5'],
    ],
  ],
] as const) {
  test(`header and metadata of a refusal: ${what}`, () => {
    assert.deepEqual(refusalHeaders(refusal), headers.flat());
    const lowerCase = headers.map(([name, value]) => [name.toLowerCase(), value]);
    assert.deepEqual(refusalMetadata(refusal), Object.fromEntries(lowerCase));
  });
}

test('a wait is never told as no wait', () => {
  assert.equal(refusalHeaders(connectionRefusal(1, 0))[1], '1');
});
