import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../program.ts';
import { type TestSystem, testSystem } from '../testing/testSystem.ts';

/** Serves until the body is done, and stops as a person would. */
async function serving(flags: readonly string[], body: (base: string, system: TestSystem) => Promise<void>) {
  const system = testSystem(['serve', '--stage', 'sse', '--port', '0', ...flags]);
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
