import type { TestContext } from 'node:test';
import {
  DEFAULT_SERVER_OPTIONS,
  type Endpoint,
  type PushServer,
  type ServerOptions,
} from '../../../contract/pushServer.ts';
import { createServer } from '../../registry.ts';

export interface RunningNode {
  readonly server: PushServer;
  readonly endpoint: Endpoint;
}

/** A node of the default variant that is stopped when the test ends. */
export async function startNode(t: TestContext, options: Partial<ServerOptions> = {}): Promise<RunningNode> {
  const server = await createServer('ws', 'prepared');
  t.after(() => server.stop());
  const listen = [{ host: '127.0.0.1', port: 0 }];
  const { endpoints } = await server.start({ ...DEFAULT_SERVER_OPTIONS, listen, ...options });
  return { server, endpoint: endpoints[0] };
}
