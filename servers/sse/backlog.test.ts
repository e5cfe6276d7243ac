import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { DEFAULT_FLOW_LIMITS, waterMarks } from '../../contract/flow.ts';
import { DEFAULT_SERVER_OPTIONS, type Endpoint } from '../../contract/pushServer.ts';
import { SseNode } from './node.ts';
import { createVariant } from './shared.ts';

const MEBIBYTE = 1_048_576;

async function startNode(t: TestContext): Promise<{ node: SseNode; endpoint: Endpoint }> {
  const options = {
    ...DEFAULT_SERVER_OPTIONS,
    listen: [{ host: '127.0.0.1', port: 0 }],
    flow: {
      ...DEFAULT_FLOW_LIMITS,
      connectionBytes: waterMarks(100 * MEBIBYTE),
      serverBytes: waterMarks(2 * MEBIBYTE),
    },
  };
  const node = new SseNode(options, createVariant);
  t.after(() => node.stop());
  const { endpoints } = await node.listen();
  return { node, endpoint: endpoints[0] };
}

test('refuses publishes while too much waits for slow readers, and takes them again', async (t) => {
  const { node, endpoint } = await startNode(t);
  const url = `http://${endpoint.host}:${endpoint.port}`;
  const body = 'x'.repeat(MEBIBYTE);
  const post = (): Promise<Response> => fetch(`${url}/publish`, { method: 'POST', body });

  const reader = connect(endpoint);
  t.after(() => reader.destroy());
  await once(reader, 'connect');
  reader.pause();
  reader.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
  while (node.stats().connections === 0) await new Promise(setImmediate);

  let answer = await post();
  // The kernel takes the first megabytes; what waits is counted every 100 ms at most.
  while (answer.status === 202) answer = await post();
  assert.equal(answer.status, 429);
  assert.deepEqual(
    ['retry-after', 'x-ratelimit-remaining', 'ratelimit-policy'].map((name) => answer.headers.get(name)),
    ['1', '0', '"server-messages";q=4194304;qu="push-messages", "server-bytes";q=2097152;qu="content-bytes"'],
  );
  const [, remaining] =
    /^"server-messages";r=(\d+);t=1, "server-bytes";r=0;t=1$/.exec(answer.headers.get('ratelimit') ?? '') ??
    [];
  assert.ok(Number(remaining) > 4_194_000 && Number(remaining) < 4_194_304, `${remaining}`);
  assert.equal(await answer.text(), 'too much waits for slow readers; try again later\n');
  assert.match(await (await fetch(`${url}/metrics`)).text(), /^push_publish_refused_total 1$/m);
  assert.equal(node.stats().connections, 1, 'nobody is cut for it');

  reader.resume();
  while (answer.status === 429) answer = await post();
  assert.equal(answer.status, 202);
});
