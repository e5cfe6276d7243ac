import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseReason, DriverInfo } from '../contract/loadDriver.ts';
import { type AttemptLog, type DriverScript, exchange } from './driverConformanceExchange.ts';
import { driverReadings } from './driverConformanceReadings.ts';
import { closedPort } from './driverConformanceServer.ts';
import type { DriverFixture, Said } from './driverFixture.ts';

const ONE = { kind: 'message', data: 'one' } as const;
const TWO = { kind: 'message', data: 'two' } as const;

/** What every driver must do, over real sockets. A new protocol's test is a fixture of its own. */
export function driverConformance(info: DriverInfo, fixture: DriverFixture): void {
  describe(`${info.protocol} ${info.kind} driver, ${fixture.name}`, () => {
    messages(info, fixture);
    driverReadings(info, fixture);
    refusals(info, fixture);
    endings(info, fixture);
    if (fixture.endsWithConnection) cuts(info, fixture);
    closing(info, fixture);
    requests(info, fixture);
  });
}

/** Says all of it, and makes the attempt end. */
function saying(fixture: DriverFixture, said: readonly Said[]): DriverScript {
  return () => async (connection) => {
    await fixture.speak(connection, said);
    await fixture.finish(connection);
  };
}

/** Says all of it, and keeps the connection until the client closes it. */
function holding(fixture: DriverFixture, said: readonly Said[]): DriverScript {
  return () => async (connection) => {
    await fixture.speak(connection, said);
    await connection.closed;
  };
}

/** Sends it all at once, and closes. */
function answering(text: string): DriverScript {
  return () => async (connection) => {
    await connection.send(text);
    connection.end();
  };
}

function messages(info: DriverInfo, fixture: DriverFixture): void {
  it('tells that it is open once, then every message in order, then the end', async () => {
    const { attempts } = await exchange(info, fixture, [saying(fixture, [ONE, TWO])]);
    assert.deepEqual([attempts[0].opened, attempts[0].messages], [1, ['one', 'two']]);
    assert.equal(attempts[0].detail?.reason, fixture.endReason);
  });

  if (!fixture.tellsGaps) return;
  it('tells a gap apart from a message', async () => {
    const { attempts } = await exchange(info, fixture, [saying(fixture, [{ kind: 'gap' }, ONE])]);
    assert.deepEqual([attempts[0].gaps, attempts[0].messages], [1, ['one']]);
  });
}

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
  [
    '302',
    'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
    'bad-status',
    false,
    /302, Location: \/x$/,
  ],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'bad-protocol', true, /./],
  ['an endless head', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}`, 'bad-protocol', true, /./],
];

function refusals(info: DriverInfo, fixture: DriverFixture): void {
  for (const [what, text, reason, retryable, detail] of REFUSALS) {
    it(`gives up on ${what}`, async () => {
      const { attempts } = await exchange(info, fixture, [answering(text)]);
      assert.equal(attempts[0].opened, 0);
      assert.deepEqual([attempts[0].detail?.reason, attempts[0].detail?.retryable], [reason, retryable]);
      assert.match(attempts[0].detail?.detail ?? '', detail);
    });
  }

  it('says refused where nothing listens', async () => {
    const { attempts } = await exchange(info, fixture, [answering('')], { port: await closedPort() });
    assert.deepEqual(attempts[0].detail, { reason: 'refused', detail: 'ECONNREFUSED', retryable: true });
  });

  it('says timeout where nothing answers', async () => {
    const silent: DriverScript = () => (connection) => connection.closed.then(() => {});
    const scripts = [silent, saying(fixture, [])];
    const { attempts } = await exchange(info, fixture, scripts, { connectTimeoutMs: 1_000 });
    assert.equal(attempts[0].detail?.reason, 'timeout');
    assert.equal(attempts[1].opened, 1, 'the slot can be used again');
  });
}

const reasonsOf = (attempts: readonly AttemptLog[]) => attempts.map((log) => log.detail?.reason);

function endings(info: DriverInfo, fixture: DriverFixture): void {
  it('says closed by the server where it closes without an answer', async () => {
    const { attempts } = await exchange(info, fixture, [answering('')]);
    assert.deepEqual(reasonsOf(attempts), ['closed-by-server']);
  });

  it('says reset where that is the answer', async () => {
    const { attempts } = await exchange(info, fixture, [() => (connection) => connection.reset()]);
    assert.deepEqual(reasonsOf(attempts), ['reset']);
  });
}

function cuts(info: DriverInfo, fixture: DriverFixture): void {
  it('says reset where the live connection is', async () => {
    let reset = (): void => {};
    const script: DriverScript = () => async (connection) => {
      reset = connection.reset;
      await fixture.speak(connection, [ONE]);
      await connection.closed;
    };
    // The RST would overtake what the client has not read yet.
    const { attempts } = await exchange(info, fixture, [script], { onMessage: () => reset() });
    assert.deepEqual(reasonsOf(attempts), ['reset']);
  });
}

function closing(info: DriverInfo, fixture: DriverFixture): void {
  it('is closed by the client when told to, and says nothing after that', async () => {
    const scripts = [holding(fixture, [ONE, TWO, { kind: 'message', data: 'three' }])];
    const { attempts } = await exchange(info, fixture, scripts, { onMessage: (driver) => driver.close(0) });
    assert.deepEqual(attempts[0].messages, ['one']);
    assert.deepEqual(reasonsOf(attempts), ['closed-by-client']);
  });

  it('can be closed as it opens', async () => {
    const { attempts } = await exchange(info, fixture, [holding(fixture, [])], {
      onOpened: (driver) => driver.close(0),
    });
    assert.deepEqual(reasonsOf(attempts), ['closed-by-client']);
  });

  it('can be closed while it connects', async () => {
    const script: DriverScript = (driverOf) => () => driverOf().close(0);
    const { attempts } = await exchange(info, fixture, [script]);
    assert.deepEqual([attempts[0].opened, ...reasonsOf(attempts)], [0, 'closed-by-client']);
  });

  it('refuses to open a slot that is in use', async () => {
    const { attempts } = await exchange(info, fixture, [saying(fixture, [])], {
      onOpened: (driver) => assert.throws(() => driver.open(0), { name: 'BenchError' }),
    });
    assert.equal(attempts[0].opened, 1);
  });
}

function requests(info: DriverInfo, fixture: DriverFixture): void {
  for (const id of fixture.ids) {
    it(`resumes after the id ${id}`, async () => {
      const said: readonly Said[] = [
        { ...ONE, id: '3' },
        { ...TWO, id },
      ];
      const scripts = [saying(fixture, said), saying(fixture, [])];
      const asked = (await exchange(info, fixture, scripts)).requests;
      assert.deepEqual([asked[0], asked[asked.length - 1]].map(fixture.resumesAfter), [null, id]);
    });
  }

  it("sends the user's headers with its own", async () => {
    const headers = { 'X-Key': 'abc' };
    const [request] = (await exchange(info, fixture, [saying(fixture, [])], { headers })).requests;
    assert.ok(request.startsWith(`GET ${fixture.path} HTTP/1.1\r\n`), request);
    for (const pattern of [/\r\nx-key: abc\r\n/i, ...fixture.asks]) assert.match(request, pattern);
  });
}
