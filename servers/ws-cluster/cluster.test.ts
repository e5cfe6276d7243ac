import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type ServerOptions } from '../../contract/pushServer.ts';
import { ANY_PORT, exchange, publish, until } from '../../test/serverConformanceClient.ts';
import { EmbeddedHub } from '../bus/embedded/hub.ts';
import { readEvent } from '../event.ts';
import { createServer } from '../registry.ts';
import { startLocalCluster } from './startLocalCluster.ts';

const OPTIONS: ServerOptions = { ...DEFAULT_SERVER_OPTIONS, listen: [ANY_PORT], encoding: 'text' };

async function cluster(t: TestContext, nodeCount: number, options = OPTIONS): Promise<readonly Endpoint[]> {
  const started = await startLocalCluster('embedded', options, nodeCount);
  t.after(() => started.stop());
  return started.nodes.map(({ endpoints }) => endpoints[0]);
}

interface Client {
  readonly socket: WebSocket;
  readonly got: string[];
  readonly headers: NodeJS.Dict<string | string[]>;
}

async function subscribe(t: TestContext, { host, port }: Endpoint, lastEventId = ''): Promise<Client> {
  const socket = new WebSocket(`ws://${host}:${port}/ws?topic=t&lastEventId=${lastEventId}`);
  const got: string[] = [];
  socket.on('message', (data) => got.push(String(data)));
  t.after(() => socket.terminate());
  const [upgraded] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')]);
  return { socket, got, headers: upgraded[0].headers };
}

test('a message published at any node reaches the subscribers of all, in one order', async (t) => {
  const nodes = await cluster(t, 3);
  const clients = await Promise.all(nodes.map((node) => subscribe(t, node)));
  for (const [i, node] of [...nodes, ...nodes].entries())
    assert.equal(await publish(node, 't', `m${i}`), i + 1);
  await until(() => clients.every(({ got }) => got.length === 6));
  for (const { got } of clients)
    assert.deepEqual(
      got,
      [1, 2, 3, 4, 5, 6].map((id) => `${id}\nm${id - 1}`),
    );
});

test('subscribers get typed events', async (t) => {
  const [a, b] = await cluster(t, 2, { ...OPTIONS, encoding: 'json' });
  const client = await subscribe(t, b);
  await publish(a, 't', '{"price":17}');
  await until(() => client.got.length === 1);
  const event = readEvent<{ price: number }>(client.got[0], (body) => JSON.parse(body));
  assert.deepEqual(event, { id: 1, type: 'message', topic: 't', payload: { price: 17 } });
  assert.equal(readEvent('{"type":"gap","from":1,"to":2}', String), null);
});

test('a client resumes at another node, each message once', async (t) => {
  const [a, b] = await cluster(t, 2);
  const first = await subscribe(t, a);
  await publish(a, 't', 'one');
  await publish(b, 't', 'two');
  await until(() => first.got.length === 2);
  first.socket.terminate();
  await publish(a, 't', 'three');
  const again = await subscribe(t, b, '2');
  await publish(a, 't', 'four');
  await until(() => again.got.length === 2);
  assert.deepEqual(again.got, ['3\nthree', '4\nfour']);
});

test('a node that joins late resumes clients from what the bus kept', async (t) => {
  const hub = new EmbeddedHub();
  const busUrl = await hub.listen();
  t.after(() => hub.stop());
  const endpoints: Endpoint[] = [];
  for (const nodeId of ['early', 'late']) {
    const server = await createServer('ws-cluster', 'embedded');
    t.after(() => server.stop());
    const started = await server.start({ ...OPTIONS, nodeId, busUrl });
    endpoints.push(started.endpoints[0]);
    if (nodeId === 'early') for (const body of ['1', '2', '3']) await publish(endpoints[0], 't', body);
  }
  const client = await subscribe(t, endpoints[1], '1');
  await until(() => client.got.length === 2);
  assert.deepEqual(client.got, ['2\n2', '3\n3']);
});

test('a client that is ahead of its new node waits, and gets nothing twice', async (t) => {
  const [a, b] = await cluster(t, 2);
  const client = await subscribe(t, b, '2');
  await publish(a, 't', 'seen');
  await publish(a, 't', 'seen too');
  await publish(a, 't', 'new');
  await until(() => client.got.length > 0);
  assert.deepEqual(client.got, ['3\nnew']);
});

test('the answer to the upgrade names node and connection, and every node knows where it is', async (t) => {
  const nodes = await cluster(t, 2);
  const client = await subscribe(t, nodes[1]);
  const connection = String(client.headers['x-ws-connection']);
  assert.equal(client.headers['x-ws-node'], 'n2');
  assert.equal(connection, 'n2-1');
  assert.deepEqual(client.headers['set-cookie'], ['ws-node=n2; Path=/; HttpOnly; SameSite=Lax']);
  for (const node of nodes) {
    const found = await answered(node, `/presence/${connection}`, 200);
    const { since, ...where } = JSON.parse(found);
    assert.deepEqual(where, { connection, node: 'n2' });
    assert.ok(Math.abs(Date.parse(since) - Date.now()) < 60_000, since);
  }
  client.socket.close();
  for (const node of nodes) await answered(node, `/presence/${connection}`, 404);
});

/** Body of the answer to `path` once it has `status`: notices travel by themselves. */
async function answered(node: Endpoint, path: string, status: number): Promise<string> {
  for (;;) {
    const answer = await exchange(node, path);
    if (answer.status === status) return answer.body;
  }
}

test('a bus that is away is answered 503, and counted', async (t) => {
  const hub = new EmbeddedHub();
  const busUrl = await hub.listen();
  const server = await createServer('ws-cluster', 'embedded');
  t.after(() => server.stop());
  const { endpoints } = await server.start({ ...OPTIONS, busUrl });
  await publish(endpoints[0], 't', 'taken');
  await hub.stop();
  const answer = await exchange(endpoints[0], '/publish', { method: 'POST', body: 'x' });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers['retry-after'], '1');
  assert.equal(server.stats().bus?.publishFailed, 1);
  assert.equal(server.stats().published, 1);
});

test('a bus that lost its memory goes on with new ids, and subscribers are told of the gap', async (t) => {
  let hub = new EmbeddedHub();
  const busUrl = await hub.listen();
  const server = await createServer('ws-cluster', 'embedded');
  t.after(() => Promise.all([server.stop(), hub.stop()]));
  const { endpoints } = await server.start({ ...OPTIONS, busUrl });
  const client = await subscribe(t, endpoints[0]);
  await publish(endpoints[0], 't', 'old');
  await until(() => client.got.length === 1);
  await hub.stop();
  hub = new EmbeddedHub();
  await hub.listen(Number(new URL(busUrl).port));
  await until(() => server.stats().bus?.reconnects === 1);
  const firstId = 2 ** 32 + 1;
  assert.equal(await publish(endpoints[0], 't', 'new'), firstId);
  const gap = JSON.stringify({ type: 'gap', from: 2, to: firstId - 1 });
  await until(() => client.got.length === 3);
  assert.deepEqual(client.got.slice(1), [gap, `${firstId}\nnew`]);
  const again = await subscribe(t, endpoints[0], '1');
  await until(() => again.got.length === 2);
  assert.deepEqual(again.got, [gap, `${firstId}\nnew`]);
});

test('says what is wrong with the name of a node', async () => {
  const server = await createServer('ws-cluster', 'embedded');
  await assert.rejects(
    async () => server.start({ ...OPTIONS, nodeId: 'a b' }),
    /"a b" cannot stand in a header/,
  );
});
