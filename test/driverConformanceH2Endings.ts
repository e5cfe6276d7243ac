import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DriverInfo } from '../contract/loadDriver.ts';
import { type H2DriverScript, h2Exchange, reasonsOf } from './h2Exchange.ts';
import type { H2Fixture } from './h2Fixture.ts';
import type { ScriptedStream } from './h2ScriptedServer.ts';

const ONE = { kind: 'message', data: 'one' } as const;
const TWO = { kind: 'message', data: 'two' } as const;

/** How streams and connections end from the server's side: by RST_STREAM, by GOAWAY, without a word. */
export function h2Endings(info: DriverInfo, fixture: H2Fixture): void {
  for (const [code, name, retryable] of [
    [2, 'INTERNAL_ERROR', true],
    [8, 'CANCEL', true],
    [11, 'ENHANCE_YOUR_CALM', true],
    [13, 'HTTP_1_1_REQUIRED', false],
  ] as const) {
    if (info.kind !== 'lean') continue;
    it(`says reset where a live stream is, with ${name}`, async () => {
      const { attempts } = await h2Exchange(info, fixture, [
        afterOne(fixture, (asked) => asked.stream.close(code)),
      ]);
      assert.deepEqual(attempts[0].messages, ['one']);
      assert.deepEqual(attempts[0].detail, { reason: 'reset', detail: `RST_STREAM ${name}`, retryable });
    });
  }

  it('says closed by the server where the connection ends', async () => {
    const cut = afterOne(fixture, (asked) => asked.cut());
    const { attempts } = await h2Exchange(info, fixture, [cut]);
    assert.deepEqual([attempts[0].messages, ...reasonsOf(attempts)], [['one'], 'closed-by-server']);
  });

  it('is ended by GOAWAY with an error', async () => {
    const script = afterOne(fixture, (asked) => asked.session.goaway(11));
    const { attempts } = await h2Exchange(info, fixture, [script]);
    assert.equal(attempts[0].detail?.retryable, true);
    if (info.kind === 'lean') assert.equal(attempts[0].detail?.detail, 'GOAWAY ENHANCE_YOUR_CALM');
  });

  if (info.kind === 'ecosystem' && fixture.probeEndsAtGoaway) {
    it('is ended by GOAWAY, to come back', async () => {
      const script = afterOne(fixture, (asked) => asked.session.goaway(0));
      const { attempts } = await h2Exchange(info, fixture, [script]);
      assert.deepEqual([attempts[0].messages, attempts[0].detail?.retryable], [['one'], true]);
    });
    return;
  }

  it('goes on after GOAWAY, and says going away when the connection ends', async () => {
    const script = afterOne(fixture, async (asked, driverOf) => {
      asked.session.goaway(0);
      await asked.send(fixture.encode([TWO]));
      await driverOf().until(() => driverOf().last(0).messages.length === 2);
      asked.cut();
    });
    const { attempts } = await h2Exchange(info, fixture, [script]);
    assert.deepEqual(attempts[0].messages, ['one', 'two']);
    assert.equal(attempts[0].detail?.retryable, true);
    if (info.kind === 'lean') assert.deepEqual(reasonsOf(attempts), ['going-away']);
  });
}

/** How a client ends its streams itself. */
export function h2Closing(info: DriverInfo, fixture: H2Fixture): void {
  it('is closed by the client when told to, and says nothing after that', async () => {
    const script = afterOne(fixture, async (asked, driverOf) => {
      driverOf().driver.close(0);
      if (!asked.stream.destroyed) asked.stream.write(fixture.encode([TWO]));
      await asked.closed;
    });
    const { attempts } = await h2Exchange(info, fixture, [script]);
    assert.deepEqual([attempts[0].messages, ...reasonsOf(attempts)], [['one'], 'closed-by-client']);
  });

  it('can be closed while it connects', async () => {
    const script: H2DriverScript = (driverOf) => () => driverOf().driver.close(0);
    const { attempts } = await h2Exchange(info, fixture, [script]);
    assert.deepEqual([attempts[0].opened, ...reasonsOf(attempts)], [0, 'closed-by-client']);
  });

  it('refuses to open a slot that is in use', async () => {
    const script = afterOne(fixture, (asked, driverOf) => {
      assert.throws(() => driverOf().driver.open(0), { name: 'BenchError' });
      asked.end();
    });
    assert.equal((await h2Exchange(info, fixture, [script])).attempts[0].opened, 1);
  });
}

/** Says one message; what follows happens when it was read. */
function afterOne(
  fixture: H2Fixture,
  then: (asked: ScriptedStream, driverOf: Parameters<H2DriverScript>[0]) => Promise<void> | void,
): H2DriverScript {
  return (driverOf) => async (asked) => {
    // With trailers to come Node cannot end the stream before it resets it.
    asked.answer(fixture.head, fixture.trailers ?? {});
    await asked.send(fixture.encode([ONE]));
    await driverOf().until(() => driverOf().last(0).messages.length === 1);
    await then(asked, driverOf);
  };
}
