import type { BusKind, PushServer, ServerOptions, StartedServer } from '../../contract/pushServer.ts';
import { EmbeddedHub } from '../bus/embedded/hub.ts';
import { createServer } from '../registry.ts';

export interface LocalCluster {
  /** One for each node, in order. */
  readonly nodes: readonly StartedServer[];
  stop(): Promise<void>;
}

/**
 * A cluster in this one process, to try: nodes `n1`, `n2`, … and, for the embedded bus without a `busUrl`, its hub.
 * The first node listens as `options` say, the others on the same hosts at free ports; metrics are the first one's.
 * @throws BenchError where an address cannot be bound or the bus is not there; nothing is left then.
 */
export async function startLocalCluster(
  variant: BusKind,
  options: ServerOptions,
  nodeCount = 2,
): Promise<LocalCluster> {
  const hub = variant === 'embedded' && options.busUrl === null ? new EmbeddedHub() : null;
  const busUrl = hub === null ? options.busUrl : await hub.listen();
  const servers: PushServer[] = [];
  const stop = async (): Promise<void> => {
    try {
      await Promise.all(servers.map((server) => server.stop()));
    } finally {
      await hub?.stop();
    }
  };
  try {
    const nodes: StartedServer[] = [];
    for (let n = 0; n < nodeCount; n++) {
      const server = await createServer('ws-cluster', variant);
      servers.push(server);
      nodes.push(await server.start({ ...nodeOptions(options, n), busUrl }));
    }
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function nodeOptions(options: ServerOptions, n: number): ServerOptions {
  const named = { ...options, nodeId: `n${n + 1}` };
  if (n === 0) return named;
  return { ...named, metrics: null, listen: options.listen.map(({ host }) => ({ host, port: 0 })) };
}
