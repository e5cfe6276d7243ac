// Beside other suites: which node a client comes back to is counted, not timed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { DEFAULT_SERVER_OPTIONS, type Endpoint } from '../contract/pushServer.ts';
import { type ServerClient, startServerNode } from '../runners/roleClient.ts';
import { EmbeddedHub } from '../servers/bus/embedded/hub.ts';
import { type Backend, startHaproxy } from './haproxy.ts';
import { requireService } from './requireService.ts';
import { ANY_PORT, exchange, publish, until } from './serverConformanceClient.ts';

const haproxy = requireService('haproxy');
const NODES = 3;

interface Cluster {
  readonly backends: readonly Backend[];
  readonly processes: ReadonlyMap<string, ServerClient>;
}

/** Nodes in processes of their own, so that one can be killed. */
async function startCluster(t: TestContext): Promise<Cluster> {
  const hub = new EmbeddedHub();
  const busUrl = await hub.listen();
  t.after(() => hub.stop());
  const processes = new Map<string, ServerClient>();
  const backends: Backend[] = [];
  for (let index = 0; index < NODES; index++) {
    const node = startServerNode(index);
    t.after(() => node.stop());
    const nodeId = `n${index + 1}`;
    const options = {
      ...DEFAULT_SERVER_OPTIONS,
      listen: [ANY_PORT],
      encoding: 'text' as const,
      nodeId,
      busUrl,
    };
    const started = await node.request('start', { stage: 'ws-cluster', variant: 'embedded', options });
    processes.set(nodeId, node);
    backends.push({ ...started.endpoints[0], nodeId });
  }
  return { backends, processes };
}

interface Client {
  readonly socket: WebSocket;
  readonly node: string;
  readonly cookie: string;
  readonly connection: string;
  readonly got: string[];
}

async function connect(
  t: TestContext,
  { host, port }: Endpoint,
  headers: Record<string, string> = {},
): Promise<Client> {
  const socket = new WebSocket(`ws://${host}:${port}/ws?topic=t`, { headers });
  const got: string[] = [];
  socket.on('message', (data) => got.push(String(data)));
  t.after(() => socket.terminate());
  const [[answer]] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')]);
  return {
    socket,
    node: String(answer.headers['x-ws-node']),
    cookie: String(answer.headers['set-cookie']).split(';')[0],
    connection: String(answer.headers['x-ws-connection']),
    got,
  };
}

/** Both ways in which a client may say where it belongs. */
function waysBack({ cookie, node }: Client): readonly Record<string, string>[] {
  return [{ Cookie: cookie }, { 'X-WS-Node': node }];
}

/** Waits until a node knows of a connection, or no more. */
async function presenceIs(status: 200 | 404, node: Endpoint, { connection }: Client): Promise<void> {
  while ((await exchange(node, `/presence/${connection}`)).status !== status);
}

describe('behind HAProxy', { skip: haproxy.skip, timeout: 60_000 }, () => {
  test('new clients are spread over all nodes, and a client that comes back returns to its own', async (t) => {
    const { backends } = await startCluster(t);
    const front = await startHaproxy(t, haproxy.path ?? '', backends);
    const clients: Client[] = [];
    for (let n = 0; n < 2 * NODES; n++) clients.push(await connect(t, front));
    assert.equal(new Set(clients.map(({ node }) => node)).size, NODES);
    for (const client of clients) {
      client.socket.terminate();
      for (const headers of waysBack(client)) {
        const again = await connect(t, front, headers);
        assert.equal(again.node, client.node, JSON.stringify(headers));
        again.socket.terminate();
      }
    }
  });

  test('clients of a node that died land elsewhere and lose nothing, and its connections expire', async (t) => {
    const { backends, processes } = await startCluster(t);
    const front = await startHaproxy(t, haproxy.path ?? '', backends);
    const client = await connect(t, front);
    await publish(front, 't', 'seen');
    await until(() => client.got.length === 1);
    const living = backends.filter(({ nodeId }) => nodeId !== client.node);
    for (const node of living) await presenceIs(200, node, client);
    const cut = once(client.socket, 'close');
    processes.get(client.node)?.kill();
    await cut;
    await publish(living[0], 't', 'missed');

    for (const headers of waysBack(client)) {
      const moved = await connect(t, front, { ...headers, 'Last-Event-ID': '1' });
      assert.notEqual(moved.node, client.node, JSON.stringify(headers));
      await until(() => moved.got.length === 1);
      assert.deepEqual(moved.got, ['2\nmissed']);
    }
    for (const node of living) {
      await presenceIs(404, node, client);
      const { nodes } = JSON.parse((await exchange(node, '/presence')).body);
      assert.deepEqual(
        nodes.map((each: { node: string }) => each.node).sort(),
        living.map(({ nodeId }) => nodeId),
      );
    }
  });
});
