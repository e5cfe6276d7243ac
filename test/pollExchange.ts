import type {
  CloseDetail,
  DriverCounters,
  DriverInfo,
  PollFigures,
  PollingOptions,
} from '../contract/loadDriver.ts';
import { PLAIN_DRIVER } from '../contract/loadDriver.ts';
import {
  isWholeHead,
  type Script,
  type ScriptedConnection,
  ScriptedServer,
} from './driverConformanceServer.ts';
import type { DriverFixture } from './driverFixture.ts';

/** What became of one slot, from `open` to `closed`, however many connections it took. */
export interface PolledLog {
  readonly opened: number;
  readonly messages: readonly string[];
  readonly gaps: number;
  readonly detail: CloseDetail;
  readonly figures: PollFigures;
  readonly counters: DriverCounters;
  /** All requests of all connections, in order of arrival. */
  readonly requests: readonly string[];
}

/** Answers one poll after another on its connection; it is left open at the end. */
export type Answerer = (connection: PolledConnection) => Promise<void>;

/** A connection whose polls are read one by one. */
export interface PolledConnection extends ScriptedConnection {
  /** Waits for the next poll (the first is there already) and answers it. @returns false where the client has gone. */
  answer(text: string): Promise<boolean>;
}

export interface PollExchangeOptions {
  readonly connectTimeoutMs?: number;
  readonly polling?: Partial<PollingOptions>;
}

/** Opens one slot against a server that runs one answerer for each connection, the last one again after that. */
export async function pollExchange(
  info: DriverInfo,
  fixture: DriverFixture,
  answerers: readonly Answerer[],
  { connectTimeoutMs = 10_000, polling = {} }: PollExchangeOptions = {},
): Promise<PolledLog> {
  const requests: string[] = [];
  const server = new ScriptedServer(answerers.map((answerer) => scriptOf(answerer, requests)));
  await server.start();
  const messages: string[] = [];
  let opened = 0;
  let gaps = 0;
  const { promise, resolve } = Promise.withResolvers<CloseDetail>();
  const take = (_slot: number, bytes: Uint8Array, start: number, end: number): void => {
    messages.push(fixture.dataOf(Buffer.from(bytes.subarray(start, end)).toString('latin1')));
  };
  const driver = await info.create({
    slots: 1,
    connectTimeoutMs,
    ...PLAIN_DRIVER,
    polling: fixture.polling === null ? null : { ...fixture.polling, ...polling },
    target: () => ({ host: '127.0.0.1', port: server.port, path: fixture.path, headers: {} }),
    events: {
      opened: () => opened++,
      message: take,
      state: take,
      gap: () => gaps++,
      retryAfter: () => {},
      closed: (_slot, detail) => resolve(detail),
    },
  });
  driver.open(0);
  const detail = await promise;
  const counters = driver.counters();
  await driver.stop();
  await server.stop();
  const figures = driver.pollFigures?.();
  if (figures === undefined) throw new Error('the driver does not poll');
  return { opened, messages, gaps, detail, figures, counters, requests };
}

function scriptOf(answerer: Answerer, requests: string[]): Script {
  return (connection) => {
    let next: Promise<string | null> = Promise.resolve(connection.request);
    return answerer({
      ...connection,
      async answer(text) {
        const request = await next;
        if (request === null) return false;
        requests.push(request);
        await connection.send(text);
        next = connection.next(isWholeHead);
        return true;
      },
    });
  };
}
