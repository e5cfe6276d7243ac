import type { CloseDetail, DriverCounters, DriverInfo, LoadDriver } from '../contract/loadDriver.ts';
import { PLAIN_DRIVER } from '../contract/loadDriver.ts';
import { type Script, ScriptedServer } from './driverConformanceServer.ts';
import type { DriverFixture } from './driverFixture.ts';

/** What the fleet was told of one attempt, from `open` to `closed`. */
export interface AttemptLog {
  opened: number;
  /** Data of messages and of states, in order of arrival. */
  messages: string[];
  gaps: number;
  retries: number[];
  detail: CloseDetail | null;
}

export interface Exchange {
  readonly attempts: readonly AttemptLog[];
  /** First request of each connection. */
  readonly requests: readonly string[];
  readonly counters: DriverCounters;
}

export interface ExchangeOptions {
  /** @default 10000 */
  readonly connectTimeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the server's own. */
  readonly port?: number;
  /** Called for each message or state, with the driver at hand. */
  readonly onMessage?: (driver: LoadDriver) => void;
  readonly onOpened?: (driver: LoadDriver) => void;
}

/** A script that may look at the driver, e.g. to send the next bytes only when the last ones were read. */
export type DriverScript = (driverOf: () => LoadDriver) => Script;

const emptyAttempt = (): AttemptLog => ({ opened: 0, messages: [], gaps: 0, retries: [], detail: null });

/** Opens slot 0 against a scripted server, again after each end, once for each script; stops both. */
export async function exchange(
  info: DriverInfo,
  fixture: DriverFixture,
  scripts: readonly DriverScript[],
  options: ExchangeOptions = {},
): Promise<Exchange> {
  let driver: LoadDriver | null = null;
  const driverOf = (): LoadDriver => {
    if (driver === null) throw new Error('the driver is not there yet');
    return driver;
  };
  const server = new ScriptedServer(
    scripts.map((script) => script(driverOf)),
    fixture.security?.server,
  );
  await server.start();
  const port = options.port ?? server.port;
  const attempts: AttemptLog[] = [];
  const current = (): AttemptLog => attempts[attempts.length - 1];
  let closed: () => void = () => {};
  const arrived = (_slot: number, bytes: Uint8Array, start: number, end: number): void => {
    current().messages.push(fixture.dataOf(Buffer.from(bytes.subarray(start, end)).toString('latin1')));
    options.onMessage?.(driverOf());
  };
  driver = await info.create({
    slots: 1,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    ...PLAIN_DRIVER,
    polling: fixture.polling,
    security: fixture.security?.client ?? null,
    target: () => ({ host: '127.0.0.1', port, path: fixture.path, headers: options.headers ?? {} }),
    events: {
      opened: () => {
        current().opened++;
        options.onOpened?.(driverOf());
      },
      message: arrived,
      state: arrived,
      gap: () => {
        current().gaps++;
      },
      retryAfter: (_slot, milliseconds) => current().retries.push(milliseconds),
      closed: (_slot, detail) => {
        current().detail = detail;
        closed();
      },
    },
  });
  for (let i = 0; i < scripts.length; i++) {
    attempts.push(emptyAttempt());
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    driver.open(0);
    await end;
  }
  const counters = driver.counters();
  await driver.stop();
  // What a client sent as its last word is read before its connection is cut.
  await server.scriptsDone();
  await server.stop();
  return { attempts, requests: server.requests, counters };
}
