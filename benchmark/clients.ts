import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { BenchError, EXIT } from '../contract/errors.ts';
import { theilSen } from '../reports/statistics/theilSen.ts';
import { type BenchmarkMessage, CLIENTS, type Client, isBenchmarkMessage } from './clientsMessages.ts';

/** Connections, or streams, at which memory is read. Level 0 is left out: it has the one-time growth of a process in it. */
const LEVELS = [2_000, 4_000, 6_000, 8_000, 10_000];
/** Events sent to every connection while CPU is measured. */
const ROUNDS = 20;

/** One client of the comparison. */
export interface ClientFigures {
  readonly client: Client;
  readonly connections: number;
  /** Theil-Sen slopes over the levels, after forced GC. */
  readonly rssPerConnectionBytes: number;
  readonly heapPerConnectionBytes: number;
  /** User and system time of the client process, 256-byte messages, one per read. */
  readonly cpuUsPerDelivery: number;
  readonly connectsPerSecond: number;
}

/**
 * Compares the lean drivers with plain `http.get` and the packages `eventsource`, `ws` and `@grpc/grpc-js`: each in a process of
 * its own, against a server in another. Minutes.
 * @throws BenchError where a client loses a connection or a process ends early.
 */
export async function benchmarkClients(levels: readonly number[] = LEVELS): Promise<ClientFigures[]> {
  const figures: ClientFigures[] = [];
  for (const client of CLIENTS) figures.push(await measureClient(client, levels));
  return figures;
}

async function measureClient(client: Client, levels: readonly number[]): Promise<ClientFigures> {
  const server = start(client.protocol === 'grpc' ? './clientsGrpcServer.ts' : './clientsServer.ts');
  const holder = start('./clientsProcess.ts');
  try {
    const { endpoints } = await answer(server, 'listening');
    holder.on('message', (message) => {
      if (isBenchmarkMessage(message) && message.type === 'next') server.send(message);
    });
    const done = answer(holder, 'done');
    holder.send({ type: 'connect', client, endpoints, levels, rounds: ROUNDS } satisfies BenchmarkMessage);
    return figuresOf(client, await done);
  } finally {
    await Promise.all([end(holder), end(server)]);
  }
}

function figuresOf(client: Client, done: Extract<BenchmarkMessage, { type: 'done' }>): ClientFigures {
  const slopeOf = (bytes: 'rssBytes' | 'heapBytes'): number =>
    theilSen(done.memory.map((point) => ({ x: point.connections, y: point[bytes] })))?.slope ?? Number.NaN;
  const connections = Math.max(...done.memory.map((point) => point.connections));
  return {
    client,
    connections,
    rssPerConnectionBytes: slopeOf('rssBytes'),
    heapPerConnectionBytes: slopeOf('heapBytes'),
    cpuUsPerDelivery: done.cpuUs / done.deliveries,
    connectsPerSecond: connections / done.connectSeconds,
  };
}

function start(module: string): ChildProcess {
  return fork(new URL(module, import.meta.url), [], { execArgv: ['--expose-gc'] });
}

/** The child's next message of a type. @throws BenchError where it fails or ends before that. */
function answer<T extends BenchmarkMessage['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<BenchmarkMessage, { type: T }>> {
  const isWanted = (message: BenchmarkMessage): message is Extract<BenchmarkMessage, { type: T }> =>
    message.type === type;
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (!isBenchmarkMessage(message)) return;
      if (isWanted(message)) resolve(message);
      else if (message.type === 'failed') reject(failure(message.error));
    });
    child.once('exit', (code, signal) => reject(failure(`a process ended with ${signal ?? code}`)));
  });
}

function failure(what: string): BenchError {
  return new BenchError(`the comparison of clients failed: ${what}`, {
    exitCode: EXIT.internal,
    hint: 'Check that 10,000 files may be open in one process (ulimit -n) and that loopback ports are free.',
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill();
  await exited;
}
