import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { textOf } from '../../test/serverConformanceClient.ts';
import { grpcFixture } from '../../test/serverFixtureGrpc.ts';
import { runCli } from '../program.ts';
import { type TestSystem, testSystem } from '../testing/testSystem.ts';

/** Serves until the body is done, and stops as a person would. */
async function serving(
  flags: readonly string[],
  body: (base: string, system: TestSystem) => Promise<void>,
  stage = 'sse',
) {
  const system = testSystem(['serve', '--stage', stage, '--port', '0', ...flags]);
  const code = runCli(system);
  const early = code.then(() => {
    throw new Error(`serve ended: ${system.err()}`);
  });
  const greeting = await Promise.race([system.waitForOut('Ctrl-C stops it.'), early]);
  early.catch(() => {});
  const base = /listens on (\S+)/.exec(greeting)?.[1] ?? '';
  try {
    await body(base, system);
  } finally {
    system.press('SIGINT');
  }
  assert.equal(await code, 0);
}

test('a message posted to the printed address comes out of the printed stream', async () => {
  await serving([], async (base) => {
    const stop = new AbortController();
    const stream = await fetch(`${base}/events?topic=t1`, { signal: stop.signal });
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/);
    const posted = await fetch(`${base}/publish`, {
      method: 'POST',
      headers: { 'x-topic': 't1' },
      body: 'hello',
    });
    assert.equal(posted.status, 202);
    let text = '';
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.includes('hello')) {
      const chunk = await reader?.read();
      assert.notEqual(chunk?.done ?? true, true);
      text += chunk?.value ?? '';
    }
    stop.abort();
    assert.equal((await fetch(`${base}/healthz`)).status, 200);
    assert.match(await (await fetch(`${base}/metrics`)).text(), /push_connection_total/);
  });
});

test('after it is stopped the port is free', async () => {
  let served = '';
  await serving([], async (base) => {
    served = base;
  });
  await assert.rejects(fetch(`${served}/healthz`));
});

test('--metrics-addr gives the metrics an address of their own', async () => {
  await serving(['--metrics-addr', '127.0.0.1:0'], async (base, system) => {
    const metrics = /metrics +(\S+)/.exec(system.out())?.[1] ?? '';
    assert.notEqual(new URL(metrics).port, new URL(base).port);
    assert.equal((await fetch(metrics)).status, 200);
    assert.equal((await fetch(`${base}/metrics`)).status, 404);
  });
});

test('--inspect lets a debugger attach on loopback', async () => {
  await serving(['--inspect', '0'], async (_base, system) => {
    assert.match(system.err(), /Debugger on 127\.0\.0\.1:\d+: open chrome:/);
  });
});

test('a port that is in use is named', async () => {
  await serving([], async (base) => {
    const { port } = new URL(base);
    const second = testSystem(['serve', '--port', port]);
    assert.equal(await runCli(second), 2);
    assert.match(second.err(), new RegExp(port));
  });
});

/** The address of the subscription that the greeting tells to try. */
function triedUrl(system: TestSystem): string {
  return /Try it.*?["'](\w+:\/\/[^"']+)/s.exec(system.out())?.[1] ?? '';
}

async function publish(base: string): Promise<void> {
  const post = { method: 'POST', headers: { 'x-topic': 't1' }, body: 'hello' };
  assert.equal((await fetch(`${base}/publish`, post)).status, 202);
}

for (const stage of ['poll', 'poll:long']) {
  test(`what is published to ${stage} is in the answer of the printed address`, async () => {
    const body = async (base: string, system: TestSystem): Promise<void> => {
      await publish(base);
      assert.match(await (await fetch(triedUrl(system))).text(), /hello/);
    };
    await serving([], body, stage);
  });
}

for (const stage of ['ws', 'ws-cluster']) {
  test(`what is published to ${stage} comes over the printed WebSocket`, async () => {
    const body = async (base: string, system: TestSystem): Promise<void> => {
      const socket = new WebSocket(triedUrl(system));
      const came = once(socket, 'message');
      await once(socket, 'open');
      await publish(base);
      const [event] = await came;
      assert.match(String(event.data), /hello/);
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    };
    await serving([], body, stage);
  });
}

for (const stage of ['grpc', 'grpc:bidi']) {
  test(`what is published to ${stage} comes over the printed method`, async (t) => {
    const body = async (base: string, system: TestSystem): Promise<void> => {
      const [, host, port, method] =
        /stream +(\S+):(\d+) pushbench\.v1\.Push\/(\w+)/.exec(system.out()) ?? [];
      assert.equal(`${host}:${port}`, base);
      const fixture = grpcFixture(method === 'Chat' ? 'Chat' : 'Subscribe');
      const subscriber = await fixture.subscribe(t, { host, port: Number(port) });
      await publish(/publish +(\S+)\/publish/.exec(system.out())?.[1] ?? '');
      assert.equal(textOf(await subscriber.next()), 'hello');
    };
    await serving([], body, stage);
  });
}

for (const [name, flags, pattern] of [
  [
    'heartbeats of a WebSocket',
    ['--stage', 'ws', '--heartbeat', 'event'],
    /--heartbeat: only for event streams/,
  ],
  [
    'pings of an event stream',
    ['--stage', 'sse', '--ping-interval', '1s'],
    /--ping-interval: only for WebSockets/,
  ],
  ['a hold of polls at an interval', ['--stage', 'poll', '--hold', '1s'], /--hold: only for long polling/],
  ['nodes without a cluster', ['--stage', 'ws', '--nodes', '2'], /--nodes: only for a cluster/],
  ['a node that finds no others', ['--stage', 'ws-cluster', '--node-id', 'n9'], /--node-id "n9": a --bus/],
  ['an encoding of gRPC', ['--stage', 'grpc', '--encoding', 'json'], /--encoding: not for gRPC/],
  ['two stages', ['--stage', 'all'], /--stage "all": one; one server is started/],
  ['a bus at no address', ['--stage', 'ws-cluster', '--bus', 'redis:hunter2'], /--bus: the address of a bus/],
] as const) {
  test(`serve refuses ${name}`, async () => {
    const system = testSystem(['serve', ...flags]);
    assert.equal(await runCli(system), 2);
    assert.match(system.err(), pattern);
    assert.doesNotMatch(system.err(), /hunter2/);
  });
}
