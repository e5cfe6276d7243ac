import type { BusKind } from '../../contract/pushServer.ts';

/** What a run needs of the process that carries its bus. */
export interface Broker {
  readonly url: string;
  /** The process that does the work. */
  readonly pid: number;
  /** With its version, for the report. */
  readonly name: string;
  stop(): Promise<void>;
}

/** Starts what a bus of this kind needs. @throws BenchError where it cannot be started. */
export async function startBrokerOf(kind: BusKind): Promise<Broker> {
  if (kind === 'embedded') {
    const { startEmbeddedBroker } = await import('./embeddedBroker.ts');
    return startEmbeddedBroker();
  }
  const { startRedisBroker } = await import('./redisBroker.ts');
  return startRedisBroker();
}
