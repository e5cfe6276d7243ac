import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { DEFAULT_FLOW_LIMITS } from '../../contract/flow.ts';
import { flowRefusal } from '../flow/refusal.ts';
import type { BatchRecord } from './batch.ts';
import { Ingest, IngestUnavailable } from './ingest.ts';

interface Taken {
  readonly body: string;
  readonly resolve: (lastId: number) => void;
  readonly reject: (error: Error) => void;
}

/** Posts bodies pipelined on one connection to a sink that answers when the test says so. */
async function pipelined(
  t: TestContext,
  bodies: readonly string[],
): Promise<{ taken: Taken[]; statuses: number[] }> {
  const taken: Taken[] = [];
  const sink = {
    isFull: () => false,
    refused: () => flowRefusal('server', { messages: 0, bytes: 0 }, DEFAULT_FLOW_LIMITS),
    accept: ([{ data }]: readonly BatchRecord[]) =>
      new Promise<number>((resolve, reject) => taken.push({ body: data.toString(), resolve, reject })),
  };
  const ingest = new Ingest(sink, 1_000);
  const server = createServer((request, response) => ingest.handle(request, response, []));
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const statuses: number[] = [];
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d+)/g)) statuses.push(Number(status));
  });
  socket.write(
    bodies
      .map((body) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      .join(''),
  );
  await until(() => taken.length === bodies.length);
  return { taken, statuses };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

test('answers no publish before the bus took it, and all in the order of the requests', async (t) => {
  const { taken, statuses } = await pipelined(t, ['a', 'b', 'c']);
  assert.deepEqual(
    taken.map(({ body }) => body),
    ['a', 'b', 'c'],
  );
  taken[2].resolve(3);
  taken[1].reject(new IngestUnavailable('away'));
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  assert.deepEqual(statuses, []);
  taken[0].resolve(1);
  await until(() => statuses.length === 3);
  assert.deepEqual(statuses, [202, 503, 202]);
});

test('an error that is no outage is told as one of the server', async (t) => {
  const { taken, statuses } = await pipelined(t, ['a']);
  taken[0].reject(new Error('defect'));
  await until(() => statuses.length === 1);
  assert.deepEqual(statuses, [500]);
});
