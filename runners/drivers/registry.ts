import { BenchError, EXIT } from '../../contract/errors.ts';
import type { DriverInfo, DriverOptions, LoadDriver } from '../../contract/loadDriver.ts';
import type { Protocol } from '../../contract/pushServer.ts';

/** Every driver. Loaded on demand: a load worker never carries the ecosystem's client in its memory. */
export const DRIVERS: readonly DriverInfo[] = [
  {
    protocol: 'sse',
    kind: 'lean',
    create: async (options) => new (await import('./sse/sseDriver.ts')).SseDriver(options),
  },
  {
    protocol: 'sse',
    kind: 'ecosystem',
    create: async (options) => new (await import('./sseEventSource.ts')).EventSourceDriver(options),
  },
  {
    protocol: 'ws',
    kind: 'lean',
    create: async (options) => new (await import('./ws/wsDriver.ts')).WsDriver(options),
  },
  {
    protocol: 'ws',
    kind: 'ecosystem',
    create: async (options) => new (await import('./wsClient.ts')).WsClientDriver(options),
  },
  {
    protocol: 'poll',
    kind: 'lean',
    create: async (options) => (await import('./poll/leanPolls.ts')).createLeanPolls(options),
  },
  {
    protocol: 'poll',
    kind: 'ecosystem',
    create: async (options) => (await import('./pollUndici.ts')).createUndiciPolls(options),
  },
  {
    protocol: 'sse-h2',
    kind: 'lean',
    create: async (options) => (await import('./sseH2Driver.ts')).createLeanSseH2(options),
  },
  {
    protocol: 'sse-h2',
    kind: 'ecosystem',
    create: async (options) => new (await import('./sseH2Client.ts')).EventSourceH2Driver(options),
  },
  {
    protocol: 'grpc',
    kind: 'lean',
    create: async (options) => (await import('./grpc/grpcDriver.ts')).createLeanGrpc(options),
  },
  {
    protocol: 'grpc',
    kind: 'ecosystem',
    create: async (options) => new (await import('./grpcClient.ts')).GrpcClientDriver(options),
  },
  // No second one: what the clients of such a protocol are made of is the module that the user names.
  {
    protocol: 'custom',
    kind: 'lean',
    create: async (options) => (await import('./custom/customClients.ts')).createCustomClients(options),
  },
];

/**
 * Makes the driver of a protocol.
 * @throws BenchError where there is none.
 */
export async function createDriver(
  protocol: Protocol,
  kind: LoadDriver['kind'],
  options: DriverOptions,
): Promise<LoadDriver> {
  const info = DRIVERS.find((driver) => driver.protocol === protocol && driver.kind === kind);
  if (info === undefined) {
    throw new BenchError(`there is no ${kind} driver for the protocol ${protocol}`, {
      exitCode: EXIT.internal,
      hint: `Drivers: ${DRIVERS.map((driver) => `${driver.protocol} ${driver.kind}`).join(', ')}.`,
    });
  }
  return info.create(options);
}
