import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertMeasured, ROOT, startRun, withFolder } from './endToEndBench.ts';

const ADAPTER = join(ROOT, 'docs', 'adapters', 'socket.io');

test('socket.io is driven by the example of docs/adapters, and every message is accounted for', () =>
  withFolder(async (folder) => {
    const load =
      '--connections 20 --rooms 2 --rate 50 --duration 1s --warmup 0s --memory-levels 0 --no-profile';
    const run = startRun(folder, ['--config', join(ADAPTER, 'bench.config.ts'), ...load.split(' ')]);
    const ended = await run.ended;
    const result = await run.result();
    assertMeasured(ended, result);
    const { stage, plan, connections, deliveries, publish, memory, cpu, wire, probe, notMeasured } =
      result.runs[0];
    assert.deepEqual([stage, plan.probes, plan.publishVia, probe], ['custom', 0, 'driver', null]);
    assert.equal(connections.established, 20);
    const { expected, received, lost, duplicated, foreign, exact } = deliveries ?? {};
    assert.deepEqual(
      { sent: publish?.sent, expected, received, lost, duplicated, foreign, exact },
      { sent: 50, expected: 500, received: 500, lost: 0, duplicated: 0, foreign: 0, exact: true },
    );
    assert.ok((memory.server.peakRssBytes ?? 0) > 10e6, 'the server that was started is sampled');
    assert.ok(cpu.server !== null);
    assert.equal(wire.bytesPerDelivery, null);
    assert.ok(notMeasured.some(({ what, why }) => /on the wire/.test(what) && /--driver/.test(why)));
  }));

test('server, driver and config of the example are together under 60 lines', async () => {
  const files = ['server.mjs', 'driver.ts', 'bench.config.ts'].map((name) =>
    readFile(join(ADAPTER, name), 'utf8'),
  );
  const lines = (await Promise.all(files)).reduce((sum, text) => sum + text.trimEnd().split('\n').length, 0);
  assert.ok(lines < 60, `${lines} lines`);
});

test('the page shows the driver that is driven here', async () => {
  const page = await readFile(join(ADAPTER, '..', 'README.md'), 'utf8');
  assert.ok(page.includes(await readFile(join(ADAPTER, 'driver.ts'), 'utf8')));
});
