import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import {
  DEFAULT_SERVER_OPTIONS,
  type Endpoint,
  type PushServer,
  type ServerOptions,
} from '../../../contract/pushServer.ts';
import { createServer } from '../../registry.ts';
import { handshake, RawClient } from './rawClient.ts';

export interface RunningNode {
  readonly server: PushServer;
  readonly endpoint: Endpoint;
  /** A connection on which nothing was sent yet. */
  readonly connectClient: () => Promise<RawClient>;
  /** An open connection. */
  readonly openClient: () => Promise<RawClient>;
}

/** A node of the default variant. When the test ends its clients go first, so that it waits for no goodbye of theirs. */
export async function startNode(t: TestContext, options: Partial<ServerOptions> = {}): Promise<RunningNode> {
  const server = await createServer('ws', 'prepared');
  const sockets: Socket[] = [];
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  });
  const listen = [{ host: '127.0.0.1', port: 0 }];
  const { endpoints } = await server.start({ ...DEFAULT_SERVER_OPTIONS, listen, ...options });
  const [endpoint] = endpoints;

  async function connectClient(): Promise<RawClient> {
    const socket = connect({ ...endpoint, noDelay: true });
    sockets.push(socket);
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  async function openClient(): Promise<RawClient> {
    const client = await connectClient();
    client.socket.write(handshake());
    await client.answered();
    return client;
  }

  return { server, endpoint, connectClient, openClient };
}
