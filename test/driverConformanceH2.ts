import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import type { DriverInfo } from '../contract/loadDriver.ts';
import { h2Closing, h2Endings } from './driverConformanceH2Endings.ts';
import { driverSharing } from './driverConformanceH2Sharing.ts';
import { closedPort } from './driverConformanceServer.ts';
import { randomParts, seededRandom } from './driverConformanceStreams.ts';
import type { Said } from './driverFixture.ts';
import { type H2DriverScript, type H2ExchangeResult, h2Exchange, reasonsOf } from './h2Exchange.ts';
import type { H2Fixture, H2Reading } from './h2Fixture.ts';
import type { ScriptedStream } from './h2ScriptedServer.ts';

const ONE = { kind: 'message', data: 'one' } as const;
const TWO = { kind: 'message', data: 'two' } as const;

/** What every driver of a protocol that streams over HTTP/2 must do, over real connections. */
export function h2DriverConformance(info: DriverInfo, fixture: H2Fixture): void {
  describe(`${info.protocol} ${info.kind} driver, ${fixture.name}`, () => {
    messages(info, fixture);
    readings(info, fixture);
    refusals(info, fixture);
    h2Endings(info, fixture);
    h2Closing(info, fixture);
    requests(info, fixture);
    driverSharing(info, fixture);
  });
}

/** Says all of it, and ends the stream in order. */
function saying(fixture: H2Fixture, said: readonly Said[]): H2DriverScript {
  return () => async (asked) => {
    asked.answer(fixture.head, fixture.trailers);
    await asked.send(fixture.encode(said));
    asked.end();
  };
}

function messages(info: DriverInfo, fixture: H2Fixture): void {
  it('tells that it is open once, then every message in order, then the end', async () => {
    const { attempts } = await h2Exchange(info, fixture, [saying(fixture, [ONE, { kind: 'gap' }, TWO])]);
    assert.deepEqual([attempts[0].opened, attempts[0].messages, attempts[0].gaps], [1, ['one', 'two'], 1]);
    assert.equal(attempts[0].detail?.reason, fixture.endReason);
  });

  it('is open as soon as the head of the answer is there', async () => {
    const script: H2DriverScript = (driverOf) => async (asked) => {
      asked.answer(fixture.head, fixture.trailers);
      await driverOf().until(() => driverOf().last(0).opened === 1);
      asked.end();
    };
    const { attempts } = await h2Exchange(info, fixture, [script]);
    assert.deepEqual(reasonsOf(attempts), [fixture.endReason]);
  });
}

function readings(info: DriverInfo, fixture: H2Fixture): void {
  for (const reading of fixture.readings) {
    if (reading.leanOnly === true && info.kind !== 'lean') continue;
    it(`reads ${reading.what}`, async () => {
      assertRead(
        fixture,
        reading,
        await h2Exchange(info, fixture, [inParts(fixture, reading, [reading.body])]),
      );
    });
    if (reading.split === true && info.kind === 'lean') splitReadings(info, fixture, reading);
  }
}

function splitReadings(info: DriverInfo, fixture: H2Fixture, reading: H2Reading): void {
  const { what, body } = reading;
  it(`reads ${what} byte by byte`, async () => {
    const bytes = Array.from({ length: body.length }, (_, i) => body.subarray(i, i + 1));
    assertRead(fixture, reading, await h2Exchange(info, fixture, [inParts(fixture, reading, bytes)]));
  });

  it(`reads ${what} in two parts, split anywhere`, async () => {
    const scripts = Array.from({ length: body.length - 1 }, (_, i) =>
      inParts(fixture, reading, [body.subarray(0, i + 1), body.subarray(i + 1)]),
    );
    assertRead(fixture, reading, await h2Exchange(info, fixture, scripts));
  });

  it(`reads ${what} in random parts`, async () => {
    const text = body.toString('latin1');
    const scripts = Array.from({ length: 30 }, (_, seed) => {
      const parts = randomParts(text, seededRandom(seed)).map((part) => Buffer.from(part, 'latin1'));
      return inParts(fixture, reading, parts);
    });
    assertRead(fixture, reading, await h2Exchange(info, fixture, scripts));
  });
}

/** Sends each part only when the one before was read, where the driver tells what it read. */
function inParts(fixture: H2Fixture, reading: H2Reading, parts: readonly Buffer[]): H2DriverScript {
  return (driverOf) => async (asked) => {
    const trailers = reading.trailers === undefined ? fixture.trailers : reading.trailers;
    if (trailers === null && reading.body.length === 0) {
      asked.answerOnly(reading.head ?? fixture.head);
      return;
    }
    asked.answer(reading.head ?? fixture.head, trailers);
    for (const part of parts) {
      if (asked.stream.destroyed) return;
      const before = driverOf().driver.counters().bytesRead;
      await asked.send(part);
      if (before !== null && parts.length > 1) await bytesRead(driverOf, before + part.length, asked);
    }
    if (!asked.stream.destroyed) asked.end();
  };
}

async function bytesRead(
  driverOf: Parameters<H2DriverScript>[0],
  bytes: number,
  { stream }: ScriptedStream,
): Promise<void> {
  while (!stream.destroyed && (driverOf().driver.counters().bytesRead ?? 0) < bytes) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function assertRead(fixture: H2Fixture, reading: H2Reading, { attempts, counters }: H2ExchangeResult): void {
  const { gaps = 0, opened = true, reason = fixture.endReason } = reading;
  for (const [i, log] of attempts.entries()) {
    const which = `attempt ${i + 1}: ${log.detail?.detail}`;
    assert.deepEqual(
      { messages: log.messages, gaps: log.gaps, opened: log.opened, reason: log.detail?.reason },
      { messages: reading.messages, gaps, opened: opened ? 1 : 0, reason },
      which,
    );
    if (reading.retries !== undefined) assert.deepEqual(log.retries, reading.retries, which);
    if (reading.retryable !== undefined) assert.equal(log.detail?.retryable, reading.retryable, which);
    if (reading.detail !== undefined) assert.match(log.detail?.detail ?? '', reading.detail, which);
  }
  if (reading.heartbeats !== undefined) {
    assert.equal(counters.heartbeats, reading.heartbeats * attempts.length);
  }
  assert.equal(counters.protocolErrors, reason === 'bad-protocol' ? attempts.length : 0, 'protocol errors');
}

function refusals(info: DriverInfo, fixture: H2Fixture): void {
  it('says refused where nothing listens', async () => {
    const { attempts } = await h2Exchange(info, fixture, [saying(fixture, [])], { port: await closedPort() });
    assert.deepEqual(attempts[0].detail, { reason: 'refused', detail: 'ECONNREFUSED', retryable: true });
  });

  it('says timeout where nothing answers', async () => {
    const silent: H2DriverScript = () => (asked) => asked.closed.then(() => {});
    const scripts = [silent, saying(fixture, [])];
    const { attempts } = await h2Exchange(info, fixture, scripts, { connectTimeoutMs: 300 });
    assert.equal(attempts[0].detail?.reason, 'timeout');
    assert.equal(attempts[1].opened, 1, 'the slot can be used again');
  });

  it('gives up on a server that speaks HTTP/1.1', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    try {
      const { attempts } = await h2Exchange(info, fixture, [saying(fixture, [])], {
        port,
        connectTimeoutMs: 2_000,
      });
      assert.equal(attempts[0].opened, 0);
      if (info.kind === 'lean') assert.deepEqual(reasonsOf(attempts), ['bad-protocol']);
    } finally {
      server.close();
    }
  });
}

function requests(info: DriverInfo, fixture: H2Fixture): void {
  for (const id of fixture.ids) {
    it(`resumes after the id ${id}`, async () => {
      const said: readonly Said[] = [
        { ...ONE, id: '3' },
        { ...TWO, id },
      ];
      const scripts = [saying(fixture, said), saying(fixture, [])];
      const asked = (await h2Exchange(info, fixture, scripts)).requests;
      assert.deepEqual([asked[0], asked[asked.length - 1]].map(fixture.resumesAfter), [null, id]);
    });
  }

  it("sends the user's headers with its own", async () => {
    const headers = { 'X-Key': 'abc' };
    const [{ headers: sent }] = (await h2Exchange(info, fixture, [saying(fixture, [])], { headers }))
      .requests;
    for (const [name, value] of Object.entries({ 'x-key': 'abc', ...fixture.asks })) {
      assert.equal(sent[name], value, name);
    }
    const path = fixture.grpc === null ? fixture.path : fixture.grpc.path;
    assert.equal(sent[':path'], path);
  });
}
