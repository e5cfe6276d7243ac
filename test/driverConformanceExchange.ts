import type { CloseDetail, DriverCounters, DriverInfo, LoadDriver } from '../contract/loadDriver.ts';
import { type Script, ScriptedServer } from './driverConformanceServer.ts';

/** What the fleet was told of one attempt, from `open` to `closed`. */
export interface AttemptLog {
  opened: number;
  messages: string[];
  gaps: number;
  retries: number[];
  detail: CloseDetail | null;
}

export interface Exchange {
  readonly attempts: readonly AttemptLog[];
  readonly requests: readonly string[];
  readonly counters: DriverCounters;
}

export interface ExchangeOptions {
  /** @default 10000 */
  readonly connectTimeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the server's own. */
  readonly port?: number;
  /** Called for each message, with the driver at hand. */
  readonly onMessage?: (driver: LoadDriver) => void;
  readonly onOpened?: (driver: LoadDriver) => void;
}

const emptyAttempt = (): AttemptLog => ({ opened: 0, messages: [], gaps: 0, retries: [], detail: null });

/**
 * Opens slot 0 against a scripted server, again after each end, once for each script; stops both.
 * `scripts` may look at the driver's counters through `driverOf`, to send the next bytes only when the last were read.
 */
export async function exchange(
  info: DriverInfo,
  scripts: readonly ((driverOf: () => LoadDriver) => Script)[],
  options: ExchangeOptions = {},
): Promise<Exchange> {
  let driver: LoadDriver | null = null;
  const driverOf = (): LoadDriver => {
    if (driver === null) throw new Error('the driver is not there yet');
    return driver;
  };
  const server = new ScriptedServer(scripts.map((script) => script(driverOf)));
  await server.start();
  const port = options.port ?? server.port;
  const attempts: AttemptLog[] = [];
  const current = (): AttemptLog => attempts[attempts.length - 1];
  let closed: () => void = () => {};
  driver = await info.create({
    slots: 1,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    polling: null,
    target: () => ({ host: '127.0.0.1', port, path: '/events', headers: options.headers ?? {} }),
    events: {
      opened: () => {
        current().opened++;
        options.onOpened?.(driverOf());
      },
      message: (_slot, bytes, start, end) => {
        current().messages.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
        options.onMessage?.(driverOf());
      },
      state: () => {},
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
  await server.stop();
  return { attempts, requests: server.requests, counters };
}
