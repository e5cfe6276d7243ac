import type { BusKind, ServerCapabilities, ServerOptions, StartedServer } from '../contract/pushServer.ts';

/** What `bench serve` has started. */
export interface Serving {
  readonly nodes: readonly StartedServer[];
  stop(): Promise<void>;
}

interface Wanted {
  readonly capabilities: ServerCapabilities;
  readonly options: ServerOptions;
  /** Nodes of a cluster; null: one that joins others. */
  readonly nodes: number | null;
}

/**
 * Starts one server, or a cluster with the bus that it needs.
 * @throws BenchError where an address cannot be bound or a bus cannot be had; nothing is left then
 */
export async function startServing(
  chosen: { readonly stage: string; readonly variant: string },
  { capabilities, options, nodes }: Wanted,
): Promise<Serving> {
  const { bus } = capabilities;
  if (bus !== null && nodes !== null) return startCluster(bus, options, nodes);
  const { createServer } = await import('../servers/registry.ts');
  const server = await createServer(chosen.stage, chosen.variant);
  return { nodes: [await server.start(options)], stop: () => server.stop() };
}

async function startCluster(bus: BusKind, options: ServerOptions, nodes: number): Promise<Serving> {
  const { startLocalCluster } = await import('../servers/ws-cluster/startLocalCluster.ts');
  // The embedded bus comes with the cluster itself.
  if (options.busUrl !== null || bus === 'embedded') return startLocalCluster(bus, options, nodes);
  const { startBrokerOf } = await import('../runners/broker/broker.ts');
  const broker = await startBrokerOf(bus);
  try {
    const cluster = await startLocalCluster(bus, { ...options, busUrl: broker.url }, nodes);
    const stop = async (): Promise<void> => {
      await cluster.stop();
      await broker.stop();
    };
    return { nodes: cluster.nodes, stop };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}
