import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CustomClient, CustomConnection, CustomDriver } from '../../../contract/customDriver.ts';
import { MARKER } from '../../../contract/envelope.ts';
import { type CloseDetail, PLAIN_DRIVER } from '../../../contract/loadDriver.ts';
import { closedPort } from '../../../test/driverConformanceServer.ts';
import { CustomClients } from './customClients.ts';

const SECRET = 'Bearer s3cr3t';
const PAYLOAD = `${MARKER}${'A'.repeat(37)}`;

/** The clients of a driver, and what became of one of them. */
function clientsOf(connect: CustomDriver['connect'], connectTimeoutMs = 5_000) {
  const seen = { opened: 0, messages: [] as string[], closed: [] as CloseDetail[] };
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<CloseDetail>();
  const options = {
    ...PLAIN_DRIVER,
    slots: 4,
    connectTimeoutMs,
    target: () => ({ host: '::1', port: 7, path: '/feed?room=t3', headers: { authorization: SECRET } }),
    events: {
      opened: () => {
        seen.opened++;
        opened.resolve();
      },
      message: (_slot: number, bytes: Uint8Array, start: number, end: number) => {
        seen.messages.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
      },
      closed: (_slot: number, detail: CloseDetail) => {
        seen.closed.push(detail);
        closed.resolve(detail);
      },
      state: () => assert.fail('nothing polls'),
      gap: () => assert.fail('nothing tells gaps'),
      retryAfter: () => assert.fail('nothing asks for a delay'),
    },
  };
  const custom = {
    module: '',
    url: 'mqtt://127.0.0.1:1',
    firstSlot: 10,
    topicOf: (slot: number) => `t${slot + 1}`,
    tokenOf: () => 'token-of-mine',
  };
  return {
    driver: new CustomClients(options, custom, { connect }),
    seen,
    opened: opened.promise,
    closed: closed.promise,
  };
}

/** A connection that counts how often it was closed. */
function connection(): CustomConnection & { closes: number } {
  return {
    closes: 0,
    close() {
      this.closes++;
    },
  };
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

describe('clients of a driver of the user', () => {
  it('says what to open: the address that is really connected to, number, room, token and headers', async () => {
    const asked = Promise.withResolvers<CustomClient>();
    const { driver } = clientsOf((client) => {
      asked.resolve(client);
      return never();
    });
    driver.open(2);
    const { url, slot, topic, token, headers, signal } = await asked.promise;
    assert.deepEqual(
      { url, slot, topic, token, headers, aborted: signal.aborted },
      {
        url: 'mqtt://[::1]:7/feed?room=t3',
        slot: 12,
        topic: 't3',
        token: 'token-of-mine',
        headers: { authorization: SECRET },
        aborted: false,
      },
    );
    await driver.stop();
  });

  it('opens, hands over text and bytes from the payload on, and closes once', async () => {
    const made = connection();
    const told = Promise.withResolvers<CustomClient>();
    const { driver, seen, opened, closed } = clientsOf(async (client) => {
      told.resolve(client);
      return made;
    });
    driver.open(0);
    await opened;
    const { message } = await told.promise;
    message(`["said","${PAYLOAD}"]`);
    message(Buffer.from(`${'x'.repeat(900)}${PAYLOAD}`));
    message(`é\u{1F600}${PAYLOAD}`);
    message(`${'x'.repeat(2_000)}${PAYLOAD}`);
    driver.close(0);
    message(PAYLOAD);
    assert.equal((await closed).reason, 'closed-by-client');
    const [text, bytes, wide, beyond] = seen.messages;
    assert.deepEqual([text, bytes, wide], [`${PAYLOAD}"]`, PAYLOAD, PAYLOAD]);
    assert.equal(beyond, 'x'.repeat(1_024), 'beyond the first kilobyte nobody looks');
    assert.deepEqual([seen.opened, seen.messages.length, made.closes], [1, 4, 1]);
    await driver.stop();
    assert.deepEqual([seen.closed.length, made.closes], [1, 1]);
  });

  const refusals: readonly [
    what: string,
    connect: CustomDriver['connect'],
    expected: Partial<CloseDetail>,
  ][] = [
    [
      'rejects, its secrets left out',
      () => Promise.reject(new Error(`denied to ${SECRET} and token-of-mine\n  at …`)),
      { reason: 'other', detail: 'denied to … and …', retryable: true },
    ],
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
      { reason: 'other', detail: 'broken' },
    ],
    ['rejects with no error', () => Promise.reject('no'), { reason: 'other', detail: 'no' }],
    [
      'wraps a failed system call',
      async () => fetch(`http://127.0.0.1:${await closedPort()}`).then(() => assert.fail('nothing listens')),
      { reason: 'refused', detail: 'ECONNREFUSED', retryable: true },
    ],
    [
      'resolves with what cannot be closed',
      () => Promise.resolve({} as CustomConnection),
      { reason: 'bad-protocol', detail: 'driver: connect() resolved without a `close`', retryable: false },
    ],
    [
      'says that trying again is of no use',
      ({ closed }) => {
        closed('banned', false);
        return never();
      },
      { reason: 'closed-by-server', detail: 'banned', retryable: false },
    ],
  ];
  for (const [what, refuse, expected] of refusals) {
    it(`ends a client whose connect() ${what}`, async () => {
      const { driver, seen, closed } = clientsOf(refuse);
      driver.open(0);
      const detail = await closed;
      assert.deepEqual({ ...detail, ...expected }, detail);
      assert.deepEqual([seen.opened, seen.closed.length], [0, 1]);
      await driver.stop();
    });
  }

  it('gives up connecting in time, aborts it, and closes what comes too late', async () => {
    const made = connection();
    const aborted = Promise.withResolvers<void>();
    const late = Promise.withResolvers<CustomConnection>();
    const { driver, seen, closed } = clientsOf(({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve());
      return late.promise;
    }, 20);
    driver.open(0);
    assert.deepEqual(await closed, {
      reason: 'timeout',
      detail: 'not subscribed within 20 ms',
      retryable: true,
    });
    await aborted.promise;
    late.resolve(made);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([seen.opened, made.closes], [0, 1]);
    await driver.stop();
  });

  it('closes while it connects, and the slot can be opened again', async () => {
    const { driver, seen, opened, closed } = clientsOf(({ signal }) =>
      seen.closed.length === 0
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : Promise.resolve(connection()),
    );
    driver.open(0);
    driver.close(0);
    assert.equal((await closed).reason, 'closed-by-client');
    driver.open(0);
    await opened;
    await driver.stop();
    assert.deepEqual([seen.opened, seen.closed.length], [1, 2]);
  });

  const endings: readonly [what: string, end: (client: CustomClient) => void, expected: CloseDetail][] = [
    [
      'says so',
      ({ closed }) => closed('kicked by Bearer s3cr3t'),
      { reason: 'closed-by-server', detail: 'kicked by …', retryable: true },
    ],
    [
      'says so twice: the first word counts',
      ({ closed }) => {
        closed('first', false);
        closed('second');
      },
      { reason: 'closed-by-server', detail: 'first', retryable: false },
    ],
    [
      'hands over neither text nor bytes',
      ({ message }) => message(JSON.parse('{}')),
      {
        reason: 'bad-protocol',
        detail: 'driver: message() takes text or bytes, not object',
        retryable: false,
      },
    ],
  ];
  for (const [what, end, expected] of endings) {
    it(`ends a live client whose driver ${what}`, async () => {
      const made = connection();
      const told = Promise.withResolvers<CustomClient>();
      const { driver, opened, closed } = clientsOf(async (client) => {
        told.resolve(client);
        return made;
      });
      driver.open(0);
      await opened;
      end(await told.promise);
      assert.deepEqual(await closed, expected);
      assert.equal(made.closes, 1);
      await driver.stop();
    });
  }

  it('tells where close() fails', async () => {
    const { driver, opened, closed } = clientsOf(async () => ({
      close: () => Promise.reject(new Error('stuck')),
    }));
    driver.open(0);
    await opened;
    driver.close(0);
    assert.deepEqual(await closed, { reason: 'other', detail: 'close() failed: stuck', retryable: true });
    await driver.stop();
  });

  it('tells why a client ended, and not that close() fails of what is gone', async () => {
    const { driver, opened, closed } = clientsOf(async (client) => {
      setImmediate(() => client.closed('banned', false));
      return { close: () => Promise.reject(new Error('not connected')) };
    });
    driver.open(0);
    await opened;
    assert.deepEqual(await closed, { reason: 'closed-by-server', detail: 'banned', retryable: false });
    await driver.stop();
  });

  it('refuses a slot that is in use, and any once it was stopped', async () => {
    const { driver } = clientsOf(never);
    driver.open(0);
    assert.throws(() => driver.open(0), /has not closed yet/);
    await driver.stop();
    assert.throws(() => driver.open(1), /was stopped/);
  });
});
