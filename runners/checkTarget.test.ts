import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { TargetSettings } from '../contract/config.ts';
import { BenchError } from '../contract/errors.ts';
import { type Script, ScriptedServer } from '../test/driverConformanceServer.ts';
import { PLAIN_TARGET } from '../test/plainTarget.ts';
import { acceptHead, closeFrame, frame, text } from '../test/wsFrames.ts';
import { checkTarget } from './checkTarget.ts';
import { initHistograms } from './recorders/histograms.ts';

const TARGET: TargetSettings = { ...PLAIN_TARGET, path: '/there?topic={topic}' };

/** What a check of a scripted server says; null: it has nothing against it. */
async function saysOf(script: Script, given: Partial<TargetSettings>): Promise<BenchError | null> {
  const server = new ScriptedServer([script]);
  await server.start();
  const scheme = given.protocol === 'ws' ? 'ws' : 'http';
  const target = { ...TARGET, ...given, url: `${scheme}://127.0.0.1:${server.port}` };
  try {
    await checkTarget(target, 3, new AbortController().signal, 200);
    return null;
  } catch (error) {
    assert.ok(error instanceof BenchError);
    return error;
  } finally {
    await server.stop();
  }
}

const status =
  (line: string, more = ''): Script =>
  async (connection) => {
    await connection.send(`HTTP/1.1 ${line}\r\n${more}Content-Length: 0\r\n\r\n`);
    connection.end();
  };

const upgraded =
  (frames: string): Script =>
  async (connection) => {
    await connection.send(acceptHead(connection.request) + frames);
    await connection.closed;
  };

const closes = (code: number): readonly [string, Script, RegExp, RegExp] => [
  `closes with ${code}`,
  upgraded(closeFrame(code)),
  new RegExp(`: close ${code}$`),
  /./,
];

const BAD_WEB_SOCKETS: readonly (readonly [what: string, script: Script, says: RegExp, hint: RegExp])[] = [
  ['answers 200', status('200 OK'), /: HTTP 200$/, /plain HTTP.*--path/],
  ['redirects', status('302 Found', 'Location: /x\r\n'), /HTTP 302, Location: \/x$/, /not followed/],
  ['answers 400', status('400 Bad Request'), /: HTTP 400$/, /no WebSocket request/],
  ['answers 401', status('401 Unauthorized'), /: HTTP 401$/, /--header/],
  ['answers 403', status('403 Forbidden'), /: HTTP 403$/, /origin.*--header/],
  ['answers 404', status('404 Not Found'), /: HTTP 404$/, /--path/],
  ['answers 426', status('426 Upgrade Required'), /: HTTP 426$/, /no WebSocket request/],
  ['answers 500', status('500 Oops'), /: HTTP 500$/, /curl/],
  ['limits its clients', status('429 Slow Down'), /: HTTP 429$/, /limit/],
  [
    'accepts another key',
    (connection) => connection.send(acceptHead('')),
    /Sec-WebSocket-Accept that does not fit the key$/,
    /curl/,
  ],
  [
    'sends a masked frame',
    upgraded(text('x', { masked: true })),
    /: a masked frame from the server$/,
    /curl/,
  ],
  ['sends a reserved opcode', upgraded(frame(5)), /: a frame of the reserved opcode 5$/, /curl/],
  ['sends invalid UTF-8', upgraded(text('\xff')), /: a text message that is no UTF-8$/, /curl/],
  [
    'sends an oversized frame',
    upgraded(frame(2, '', { width: 64, told: 2 ** 30 })),
    /over 16777216 bytes$/,
    /curl/,
  ],
  ...[1000, 1001, 1002, 1003, 1008, 1011, 1012, 1013, 4000].map(closes),
  ['closes for a policy', upgraded(closeFrame(1008, 'no')), /: close 1008 no$/, /--header/],
  [
    'ends without a close frame',
    async (connection) => {
      await connection.send(acceptHead(connection.request));
      connection.end();
    },
    /: closed by the server without a close frame$/,
    /curl/,
  ],
  ['never answers', (connection) => connection.closed.then(() => {}), /within 200 ms$/, /never answered/],
];

const empty: Script = async (connection) => {
  for (let request: string | null = connection.request; request !== null; ) {
    await connection.send('HTTP/1.1 204 No Content\r\n\r\n');
    request = await connection.next((sent) => sent.endsWith('\r\n\r\n'));
  }
};

describe('check of a target', () => {
  before(initHistograms);

  for (const [what, script, says, hint] of BAD_WEB_SOCKETS) {
    it(`names a WebSocket server that ${what}`, async () => {
      const error = await saysOf(script, { protocol: 'ws' });
      const isAddressed = /^ws:\/\/127\.0\.0\.1:\d+\/there\?topic=t2 does not keep a WebSocket open: /;
      assert.match(error?.message ?? '', isAddressed);
      assert.match(error?.message ?? '', says);
      assert.match(error?.hint ?? '', hint);
      assert.match(error?.hint ?? '', /'http:\/\/127\.0\.0\.1:\d+\/there\?topic=t2' must show "101"/);
      assert.equal(error?.exitCode, 6);
    });
  }

  for (const [what, script, says, hint] of [
    ['answers 404', status('404 Not Found'), /does not answer polls: HTTP 404$/, /--path/],
    ['redirects', status('301 Moved', 'Location: /x\r\n'), /polls: HTTP 301, Location: \/x$/, /not followed/],
    ['is stuck', (connection) => connection.closed.then(() => {}), /within 200 ms$/, /200 .*or 204/],
  ] as const satisfies readonly (readonly [string, Script, RegExp, RegExp])[]) {
    it(`names a polled server that ${what}`, async () => {
      const error = await saysOf(script, { protocol: 'poll' });
      assert.match(error?.message ?? '', says);
      assert.match(error?.hint ?? '', hint);
    });
  }

  it('comes as the first client, and tells no secret that the server says back', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'pushbench-check-'));
    t.after(() => rm(folder, { recursive: true }));
    const tokensFile = join(folder, 'tokens.csv');
    await writeFile(tokensFile, 's3cret/1\ns3cret/2\n');
    let request = '';
    const echo: Script = async (connection) => {
      request = connection.request;
      const [, path] = request.split(' ');
      const key = /x-key: (.*)/.exec(request)?.[1];
      await connection.send(`HTTP/1.1 302 Found\r\nLocation: ${path}&k=${key}\r\nContent-Length: 0\r\n\r\n`);
      connection.end();
    };
    const headers = { authorization: 'Bearer {token}', 'x-key': 'k3y of {topic}', 'x-user': '{slot}' };
    const error = await saysOf(echo, {
      path: '/e/{topic}?u={slot}&t={token}',
      headers,
      tokensFile,
      tokens: 2,
    });
    assert.match(request, /^GET \/e\/t2\?u=0&t=s3cret%2F1 HTTP/);
    assert.match(request, /authorization: Bearer s3cret\/1\r\n/);
    assert.match(request, /x-key: k3y of t2\r\nx-user: 0\r\n/);
    assert.match(error?.message ?? '', /\/e\/t2\?u=0&t=\{token\} does not .*Location: \/e\/t2\?u=0&t=…&k=…$/);
    assert.doesNotMatch(`${error?.message} ${error?.hint}`, /s3cret|k3y/);
  });

  for (const [protocol, script] of [
    ['ws', upgraded(text('hello') + frame(9))],
    ['poll', empty],
  ] as const) {
    it(`has nothing against a ${protocol} server that keeps its client`, async () => {
      assert.equal(await saysOf(script, { protocol }), null);
    });
  }
});
