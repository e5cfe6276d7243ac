import type {
  CloseDetail,
  DriverCounters,
  DriverInfo,
  DriverOptions,
  LoadDriver,
} from '../contract/loadDriver.ts';
import { PLAIN_DRIVER } from '../contract/loadDriver.ts';
import type { AttemptLog } from './driverConformanceExchange.ts';
import type { H2Fixture } from './h2Fixture.ts';
import { type H2Script, H2ScriptedServer, type ScriptedStream } from './h2ScriptedServer.ts';

/** A driver whose events are written down, with what its slots saw last. */
export class WatchedDriver {
  readonly driver: LoadDriver;
  /** Attempts by slot, the newest last. */
  readonly attempts: AttemptLog[][];
  readonly #waiting: (() => void)[] = [];

  private constructor(driver: LoadDriver, attempts: AttemptLog[][]) {
    this.driver = driver;
    this.attempts = attempts;
  }

  static async create(
    info: DriverInfo,
    fixture: H2Fixture,
    options: Pick<DriverOptions, 'slots' | 'target'> & Partial<DriverOptions>,
  ): Promise<WatchedDriver> {
    const attempts: AttemptLog[][] = Array.from({ length: options.slots }, () => []);
    const last = (slot: number): AttemptLog => attempts[slot][attempts[slot].length - 1];
    let watched: WatchedDriver | null = null;
    const told = (): void => watched?.wake();
    const driver = await info.create({
      connectTimeoutMs: 10_000,
      ...PLAIN_DRIVER,
      grpc: fixture.grpc,
      security: fixture.security?.client ?? null,
      ...options,
      events: {
        opened: (slot) => {
          last(slot).opened++;
          told();
        },
        message: (slot, bytes, start, end) => {
          const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
          last(slot).messages.push(fixture.dataOf(text));
          told();
        },
        state: () => {},
        gap: (slot) => {
          last(slot).gaps++;
        },
        retryAfter: (slot, milliseconds) => last(slot).retries.push(milliseconds),
        closed: (slot, detail) => {
          last(slot).detail = detail;
          told();
        },
      },
    });
    watched = new WatchedDriver(driver, attempts);
    return watched;
  }

  open(slot: number): void {
    this.attempts[slot].push({ opened: 0, messages: [], gaps: 0, retries: [], detail: null });
    this.driver.open(slot);
  }

  last(slot: number): AttemptLog {
    return this.attempts[slot][this.attempts[slot].length - 1];
  }

  /** Resolves when something holds of what the driver told. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves with the slot's newest end. */
  async ended(slot: number): Promise<CloseDetail> {
    await this.until(() => this.last(slot).detail !== null);
    const { detail } = this.last(slot);
    if (detail === null) throw new Error(`slot ${slot} has not ended`);
    return detail;
  }
}

export interface H2ExchangeResult {
  readonly attempts: readonly AttemptLog[];
  readonly requests: readonly ScriptedStream[];
  readonly counters: DriverCounters;
}

/** A script that may look at the driver, e.g. to send the next bytes only when the last ones were read. */
export type H2DriverScript = (driverOf: () => WatchedDriver) => H2Script;

/** Opens slot 0 against a scripted server, again after each end, once for each script; stops both. */
export async function h2Exchange(
  info: DriverInfo,
  fixture: H2Fixture,
  scripts: readonly H2DriverScript[],
  options: Partial<DriverOptions> & {
    readonly port?: number;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<H2ExchangeResult> {
  let watched: WatchedDriver | null = null;
  const driverOf = (): WatchedDriver => {
    if (watched === null) throw new Error('the driver is not there yet');
    return watched;
  };
  const server = new H2ScriptedServer(
    scripts.map((script) => script(driverOf)),
    fixture.security?.server,
  );
  await server.start();
  const { port = server.port, headers = {}, ...own } = options;
  const target = () => ({ host: '127.0.0.1', port, path: fixture.path, headers });
  watched = await WatchedDriver.create(info, fixture, { slots: 1, target, ...own });
  try {
    for (let i = 0; i < scripts.length; i++) {
      watched.open(0);
      await watched.ended(0);
    }
    return {
      attempts: watched.attempts[0],
      requests: server.requests,
      counters: watched.driver.counters(),
    };
  } finally {
    await watched.driver.stop();
    await server.stop();
  }
}

export const reasonsOf = (attempts: readonly AttemptLog[]) => attempts.map((log) => log.detail?.reason);
