import { BenchError, EXIT } from '../contract/errors.ts';
import type { PushServer, ServerOptions, StartedServer } from '../contract/pushServer.ts';

export interface LifecycleTimeouts {
  /** @default 10000 */
  readonly startMs: number;
  /** @default 5000 */
  readonly stopMs: number;
}

const DEFAULT_TIMEOUTS: LifecycleTimeouts = { startMs: 10_000, stopMs: 5_000 };

/**
 * Wraps a server so that it starts once and stops once, whatever the caller does: a second `start` is an error, a
 * second `stop` is the first one, a `stop` during the start aborts it, and a failed start leaves nothing bound.
 */
export function guardLifecycle(server: PushServer, timeouts = DEFAULT_TIMEOUTS): PushServer {
  let starting: Promise<StartedServer> | null = null;
  let stopping: Promise<void> | null = null;

  async function start(options: ServerOptions): Promise<StartedServer> {
    try {
      return await withTimeout(server.start(options), timeouts.startMs, 'start');
    } catch (error) {
      await stop();
      throw error;
    }
  }

  function stop(): Promise<void> {
    stopping ??= withTimeout(server.stop(), timeouts.stopMs, 'stop');
    return stopping;
  }

  return {
    capabilities: server.capabilities,
    stats: () => server.stats(),
    ...(server.drain === undefined
      ? {}
      : { drain: (graceMs: number) => server.drain?.(graceMs) ?? Promise.resolve() }),
    stop: () => (starting === null ? Promise.resolve() : stop()),
    start(options) {
      if (starting !== null) return Promise.reject(alreadyStarted());
      starting = start(options);
      return starting;
    },
  };
}

function alreadyStarted(): BenchError {
  return new BenchError('this server was started before', {
    exitCode: EXIT.internal,
    hint: 'A server node starts once: create another one.',
  });
}

async function withTimeout<T>(work: Promise<T>, afterMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new BenchError(`the server did not ${what} within ${afterMs} ms`, {
          exitCode: EXIT.systemUnderTest,
          hint: 'The machine may be overloaded: try fewer connections.',
        }),
      );
    }, afterMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
