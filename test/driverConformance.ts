import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseReason, DriverInfo } from '../contract/loadDriver.ts';
import { type AttemptLog, type ExchangeOptions, exchange } from './driverConformanceExchange.ts';
import { closedPort, type Script } from './driverConformanceServer.ts';
import { chunkedBody } from './driverConformanceStreams.ts';

export const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
export const IDENTITY = `${STREAM_HEAD}Connection: close\r\n\r\n`;
export const CHUNKED = `${STREAM_HEAD}Transfer-Encoding: chunked\r\n\r\n`;

/** Sends it all at once and closes. */
export function answer(text: string): () => Script {
  return () => async (connection) => {
    await connection.send(text);
    connection.end();
  };
}

/** One attempt against one answer. */
async function attempt(info: DriverInfo, text: string, options?: ExchangeOptions): Promise<AttemptLog> {
  return (await exchange(info, [answer(text)], options)).attempts[0];
}

/** First data line of each message: the part of its data that drivers must hand over. */
export function firstLines(log: AttemptLog): string[] {
  return log.messages.map((message) => message.split('\n')[0]);
}

const BODIES: readonly [what: string, answer: string, messages: readonly string[]][] = [
  ['LF', `${IDENTITY}data: one\n\ndata: two\n\n`, ['one', 'two']],
  ['CRLF', `${IDENTITY}data: one\r\n\r\ndata: two\r\n\r\n`, ['one', 'two']],
  ['bare CR', `${IDENTITY}data: one\r\rdata: two\r\r: end\n`, ['one', 'two']],
  ['data of several lines', `${IDENTITY}data: first\ndata: second\n\ndata: next\n\n`, ['first', 'next']],
  ['comments', `${IDENTITY}: hello\n\ndata: one\n: between\n\n:\n\ndata: two\n\n`, ['one', 'two']],
  ['a byte order mark', `${IDENTITY}\u00ef\u00bb\u00bfdata: one\n\n`, ['one']],
  ['no blank after the colon', `${IDENTITY}data:one\n\ndata:  two\n\n`, ['one', ' two']],
  ['unknown fields', `${IDENTITY}foo: bar\ndata: one\nbaz\n\n`, ['one']],
  ['events without data', `${IDENTITY}id: 1\n\nevent: x\n\n\n\ndata: one\n\n`, ['one']],
  ['named events', `${IDENTITY}event: update\ndata: one\n\nevent: message\ndata: two\n\n`, ['one', 'two']],
  ['heartbeat events', `${IDENTITY}event: heartbeat\ndata: -\n\ndata: one\n\n`, ['one']],
  ['half an event at the end', `${IDENTITY}data: one\n\ndata: never\n`, ['one']],
  ['half a line at the end', `${IDENTITY}data: one\n\ndata: nev`, ['one']],
  ['a body of known length', `${STREAM_HEAD}Content-Length: 11\r\n\r\ndata: one\n\n`, ['one']],
  ['chunks as the events', CHUNKED + chunkedBody(['data: one\n\n', 'data: two\n\n']), ['one', 'two']],
  [
    'chunks across the events',
    CHUNKED + chunkedBody(['da', 'ta: one', '\n', '\ndata: t', 'wo\n\n']),
    ['one', 'two'],
  ],
  ['chunks of one byte', CHUNKED + chunkedBody([...'data: one\n\ndata: two\n\n']), ['one', 'two']],
  ['trailers', CHUNKED + chunkedBody(['data: one\n\n'], '0\r\nX-Trailer: y\r\n\r\n'), ['one']],
  ['an interim answer', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${IDENTITY}data: one\n\n`, ['one']],
];

const REFUSALS: readonly [
  what: string,
  answer: string,
  reason: CloseReason,
  retryable: boolean,
  detail: RegExp,
][] = [
  ['404', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', 'bad-status', false, /^HTTP 404$/],
  ['500', 'HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nbody', 'bad-status', true, /^HTTP 500$/],
  ['429', 'HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n', 'bad-status', true, /^HTTP 429$/],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 'bad-status', false, /^HTTP 204$/],
  [
    '302',
    'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
    'bad-status',
    false,
    /302, Location: \/x$/,
  ],
  ['html', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>', 'bad-content-type', false, /text\/html/],
  ['no type', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'bad-content-type', false, /no content type/],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'bad-protocol', true, /./],
  ['an endless head', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}`, 'bad-protocol', true, /./],
];

/** What every driver of event streams must do, over real sockets. A new driver's test is one call of this. */
export function driverConformance(info: DriverInfo): void {
  describe(`${info.protocol} ${info.kind} driver`, () => {
    bodies(info);
    refusals(info);
    endings(info);
    resuming(info);
  });
}

function bodies(info: DriverInfo): void {
  for (const [what, text, messages] of BODIES) {
    it(`reads ${what}`, async () => {
      const log = await attempt(info, text);
      assert.deepEqual(firstLines(log), messages);
      assert.equal(log.opened, 1);
      assert.equal(log.detail?.reason, 'closed-by-server');
    });
  }

  it('tells a gap apart from a message', async () => {
    const log = await attempt(info, `${IDENTITY}event: gap\ndata: {}\n\ndata: one\n\n`);
    assert.deepEqual([log.gaps, log.messages], [1, ['one']]);
  });

  it('counts heartbeat events', async () => {
    const { counters } = await exchange(info, [answer(`${IDENTITY}event: heartbeat\ndata: -\n\n`)]);
    assert.equal(counters.heartbeats, 1);
  });
}

function refusals(info: DriverInfo): void {
  for (const [what, text, reason, retryable, detail] of REFUSALS) {
    it(`gives up on ${what}`, async () => {
      const log = await attempt(info, text);
      assert.equal(log.opened, 0);
      assert.deepEqual([log.detail?.reason, log.detail?.retryable], [reason, retryable]);
      assert.match(log.detail?.detail ?? '', detail);
    });
  }

  it('says refused where nothing listens', async () => {
    const log = await attempt(info, '', { port: await closedPort() });
    assert.deepEqual(log.detail, { reason: 'refused', detail: 'ECONNREFUSED', retryable: true });
  });

  it('says timeout where nothing answers', async () => {
    const silent = (): Script => (connection) => connection.closed.then(() => {});
    const { attempts } = await exchange(info, [silent, answer(IDENTITY)], { connectTimeoutMs: 50 });
    assert.equal(attempts[0].detail?.reason, 'timeout');
    assert.equal(attempts[1].opened, 1, 'the slot can be used again');
  });

  it('counts damaged chunks', async () => {
    const damaged = `${CHUNKED}${chunkedBody(['data: one\n\n'], '')}zz\r\n`;
    const { attempts, counters } = await exchange(info, [answer(damaged)]);
    assert.deepEqual(attempts[0].messages, ['one']);
    assert.equal(attempts[0].detail?.reason, 'bad-protocol');
    assert.equal(counters.protocolErrors, 1);
  });
}

function endings(info: DriverInfo): void {
  it('says closed by the server where it closes without an answer', async () => {
    assert.equal((await attempt(info, '')).detail?.reason, 'closed-by-server');
  });

  it('says closed by the server where it closes inside a chunk', async () => {
    const log = await attempt(info, `${CHUNKED}ff\r\ndata: one\n\ndata: tw`);
    assert.deepEqual(log.messages, ['one']);
    assert.equal(log.detail?.reason, 'closed-by-server');
  });

  it('says reset before and after the answer', async () => {
    const before = (): Script => (connection) => connection.reset();
    let reset = (): void => {};
    const after = (): Script => async (connection) => {
      reset = connection.reset;
      await connection.send(CHUNKED + chunkedBody(['data: one\n\n'], ''));
    };
    // The RST would overtake what the client has not read yet.
    const { attempts } = await exchange(info, [before, after], { onMessage: () => reset() });
    assert.deepEqual(
      attempts.map((log) => log.detail?.reason),
      ['reset', 'reset'],
    );
  });

  it('is closed by the client when told to, and says nothing after that', async () => {
    const endless = (): Script => async (connection) => {
      await connection.send(
        `${CHUNKED}${chunkedBody(['data: one\n\ndata: two\n\n', 'data: three\n\n'], '')}`,
      );
      await connection.closed;
    };
    const { attempts } = await exchange(info, [endless], { onMessage: (driver) => driver.close(0) });
    assert.deepEqual(attempts[0].messages, ['one']);
    assert.equal(attempts[0].detail?.reason, 'closed-by-client');
  });

  it('can be closed while it connects and as it opens', async () => {
    const open = (): Script => (connection) =>
      connection.send(IDENTITY).then(() => connection.closed.then(() => {}));
    const asItOpens = await exchange(info, [open], { onOpened: (driver) => driver.close(0) });
    assert.equal(asItOpens.attempts[0].detail?.reason, 'closed-by-client');
    const duringTheRequest = (driverOf: () => { close(slot: number): void }): Script => {
      return () => driverOf().close(0);
    };
    const connecting = await exchange(info, [duringTheRequest]);
    assert.deepEqual(
      [connecting.attempts[0].opened, connecting.attempts[0].detail?.reason],
      [0, 'closed-by-client'],
    );
  });

  it('refuses to open a slot that is in use', async () => {
    const log = await attempt(info, IDENTITY, {
      onOpened: (driver) => assert.throws(() => driver.open(0), { name: 'BenchError' }),
    });
    assert.equal(log.opened, 1);
  });
}

function resuming(info: DriverInfo): void {
  for (const id of ['41', '007', 'opaque/a-1', '18446744073709551615']) {
    it(`resumes after the id ${id}`, async () => {
      const first = answer(`${IDENTITY}id: 3\ndata: x\n\nid: ${id}\ndata: y\n\nid: 99\ndata: half`);
      const { requests } = await exchange(info, [first, answer(IDENTITY)]);
      assert.doesNotMatch(requests[0], /last-event-id/i);
      assert.match(requests[1], new RegExp(`\r\nlast-event-id: ${id}\r\n`, 'i'));
    });
  }

  it("sends the user's headers", async () => {
    const { requests } = await exchange(info, [answer(IDENTITY)], { headers: { 'X-Key': 'abc' } });
    assert.match(requests[0], /^GET \/events HTTP\/1\.1\r\n/);
    assert.match(requests[0], /\r\nx-key: abc\r\n/i);
    assert.match(requests[0], /\r\naccept: text\/event-stream\r\n/i);
  });
}
