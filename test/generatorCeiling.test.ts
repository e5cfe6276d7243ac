import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CeilingCache, originOf } from '../runners/ceiling/ceilingCache.ts';
import { ownVersion } from '../runners/ownVersion.ts';
import { readHostFacts } from '../runners/samplers/hostFacts.ts';
import { runArranged } from './validityRun.ts';

const KEPT = {
  deliveriesPerSecond: 10_000,
  protocol: 'sse',
  payloadBytes: 300,
  streamsPerConnection: 1,
  connections: 2_000,
  generatorUsPerDelivery: 6,
  serverUsPerDelivery: 7,
  generatorSyscallsPerDelivery: 1,
  othersCores: 0,
  measuredAt: '2026-11-23T19:00:00.000Z',
};

test('a run tells its load as a share of the ceiling that this host has kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-kept-'));
  const { BENCH_CACHE_DIR: before } = process.env;
  process.env.BENCH_CACHE_DIR = folder;
  try {
    await new CeilingCache().keep(originOf(readHostFacts(), ownVersion()), KEPT);
    // 100 messages a second to 5 clients each.
    const run = await runArranged({
      workload: { payloadBytes: 300, connections: 20, rooms: 4, ratePerSecond: 100 },
    });
    assert.deepEqual(run.generatorCeiling, { ...KEPT, offeredPerSecond: 500, loadShare: 0.05 });
    assert.equal(
      run.notMeasured.find(({ what }) => what.startsWith('Load as a share')),
      undefined,
    );
  } finally {
    if (before === undefined) delete process.env.BENCH_CACHE_DIR;
    else process.env.BENCH_CACHE_DIR = before;
    await rm(folder, { recursive: true, force: true });
  }
});
