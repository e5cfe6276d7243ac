import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { forceGc } from './forceGc.ts';
import { readHandles } from './handles.ts';
import { InProcessSampler } from './inProcess.ts';

function started(t: { after(callback: () => void): void }): InProcessSampler {
  const sampler = new InProcessSampler();
  sampler.start();
  t.after(() => sampler.stop());
  return sampler;
}

function burnCpu(milliseconds: number): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user + system > milliseconds * 1000) return;
  }
}

async function output(script: string, flags: readonly string[] = []): Promise<string> {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunks, [code]] = await Promise.all([child.stdout.toArray(), once(child, 'close')]);
  assert.equal(code, 0);
  return Buffer.concat(chunks).toString();
}

test('a busy loop is late, and not stalled', (t) => {
  const sampler = started(t);
  burnCpu(150);
  const sample = sampler.read();
  assert.ok(sample.heartbeatGapUs >= 75_000, `${sample.heartbeatGapUs} us`);
  assert.ok(sample.latenessMaxUs >= 55_000);
  assert.ok(sample.heartbeatGapCpuUs >= 100_000);
  assert.ok(sample.cpuUserUs + sample.cpuSystemUs >= 150_000);
  assert.equal(sample.stalledGapUs, 0);
});

test('a process that does not run is stalled, even when a longer gap was busy', async (t) => {
  const sampler = started(t);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  assert.ok(sampler.read().stalledGapUs >= 500_000);
  await nextTurn();
  burnCpu(1_000);
  const sample = sampler.read();
  assert.ok(sample.stalledGapUs >= 500_000);
  assert.ok(sample.heartbeatGapUs >= sample.stalledGapUs);
});

test('a mark begins again from zero', (t) => {
  const sampler = started(t);
  burnCpu(100);
  const before = sampler.read();
  sampler.mark();
  const after = sampler.read();
  assert.ok(after.markedAtUs >= before.atUs);
  assert.ok(after.heartbeatGapUs < before.heartbeatGapUs);
  assert.ok(after.cpuUserUs < before.cpuUserUs);
});

test('counts what is allocated, and the collections of it', async (t) => {
  const sampler = started(t);
  let kept: unknown[] = [];
  for (let i = 0; i < 400; i++) kept = new Array(12_800).fill(i);
  const { allocatedBytes, heapUsedBytes } = sampler.read();
  assert.equal(kept.length, 12_800);
  assert.ok(heapUsedBytes > 0);
  assert.ok(allocatedBytes === null || allocatedBytes >= 400 * 12_800 * 4, `${allocatedBytes} bytes`);
  while (sampler.read().gc.count === 0) {
    kept = new Array(100_000).fill({});
    await nextTurn();
  }
  const { gc } = sampler.read();
  assert.ok(gc.pauseUs > 0 && gc.pauseMaxUs > 0 && gc.pauseMaxUs <= gc.pauseUs);
});

test('a sample is plain data', (t) => {
  const sample = started(t).read(true);
  assert.deepEqual(JSON.parse(JSON.stringify(sample)), sample);
});

test('counts sockets', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const before = readHandles();
  const clients = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const accepted = once(server, 'connection');
      const socket = connect(address.port, '127.0.0.1');
      await Promise.all([once(socket, 'connect'), accepted]);
      return socket;
    }),
  );
  t.after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  assert.ok(readHandles().sockets - before.sockets >= 5);
  assert.ok(readHandles().total >= readHandles().sockets);
});

test('keeps no process alive', async () => {
  const module = JSON.stringify(new URL('inProcess.ts', import.meta.url).href);
  await output(`import { InProcessSampler } from ${module}; new InProcessSampler().start();`);
});

test('forces a collection only where V8 exposes it', async () => {
  const module = JSON.stringify(new URL('forceGc.ts', import.meta.url).href);
  const script = `import { forceGc } from ${module}; process.stdout.write(String(await forceGc()));`;
  assert.equal(await output(script, ['--expose-gc']), 'true');
  assert.equal(await forceGc(), globalThis.gc !== undefined);
});
