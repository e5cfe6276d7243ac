import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { KeptCeiling } from '../../contract/resultTrust.ts';
import { CeilingCache, cacheDirectory, type Origin } from './ceilingCache.ts';

const HERE: Origin = { cpuModel: 'A', cores: 2, kernel: '6.1', nodeVersion: 'v26.0.0', toolVersion: '1.0.0' };

function ceiling(over: Partial<KeptCeiling> = {}): KeptCeiling {
  return {
    deliveriesPerSecond: 100_000,
    protocol: 'sse',
    payloadBytes: 256,
    streamsPerConnection: 1,
    connections: 2_000,
    generatorUsPerDelivery: 6,
    serverUsPerDelivery: null,
    generatorSyscallsPerDelivery: 1,
    othersCores: 0,
    measuredAt: '2026-11-23T19:00:00.000Z',
    ...over,
  };
}

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'pushbench-cache-'));
});
after(() => rm(root, { recursive: true, force: true }));

async function emptyCache(): Promise<CeilingCache> {
  return new CeilingCache(join(await mkdtemp(join(root, 'one-')), 'made when needed'));
}

test('what is kept is found again by another reader, and by nothing but its own host, Node, version and load', async () => {
  const cache = await emptyCache();
  const kept = ceiling();
  assert.equal(await cache.find(HERE, kept), null);
  await cache.keep(HERE, kept);
  const reader = new CeilingCache(join(cache.path, '..'));
  assert.deepEqual(await reader.find(HERE, kept), kept);
  for (const other of [
    { cpuModel: 'B' },
    { cores: 4 },
    { kernel: '6.2' },
    { nodeVersion: 'v27.0.0' },
    { toolVersion: '1.0.1' },
  ]) {
    assert.equal(await reader.find({ ...HERE, ...other }, kept), null, JSON.stringify(other));
  }
  for (const other of [{ protocol: 'ws' }, { payloadBytes: 257 }, { streamsPerConnection: 100 }]) {
    assert.equal(await reader.find(HERE, ceiling(other)), null, JSON.stringify(other));
  }
});

test('a ceiling that is measured anew takes the place of the one before it', async () => {
  const cache = await emptyCache();
  await cache.keep(HERE, ceiling());
  await cache.keep(HERE, ceiling({ protocol: 'ws' }));
  await cache.keep(HERE, ceiling({ deliveriesPerSecond: 120_000 }));
  assert.equal((await cache.find(HERE, ceiling()))?.deliveriesPerSecond, 120_000);
  assert.equal((await cache.find(HERE, ceiling({ protocol: 'ws' })))?.deliveriesPerSecond, 100_000);
  const { entries } = JSON.parse(await readFile(cache.path, 'utf8'));
  assert.equal(entries.length, 2);
  // No draft is left beside it.
  assert.deepEqual(await readdir(join(cache.path, '..')), ['generator-ceilings.json']);
});

test('a file that is damaged, of another version or not ours holds nothing, and is written anew', async () => {
  for (const content of [
    '',
    '{"cacheVersion":1,"entr',
    '[]',
    '{"cacheVersion":2,"entries":[]}',
    '{"cacheVersion":1,"entries":[{"origin":{},"ceiling":{"deliveriesPerSecond":"fast"}}]}',
  ]) {
    const cache = await emptyCache();
    await cache.keep(HERE, ceiling());
    await writeFile(cache.path, content);
    assert.equal(await cache.find(HERE, ceiling()), null, content);
    await cache.keep(HERE, ceiling({ deliveriesPerSecond: 7 }));
    assert.equal((await cache.find(HERE, ceiling()))?.deliveriesPerSecond, 7, content);
  }
});

test('a folder that cannot be made is told, and not waited for', {
  skip: process.platform !== 'linux',
}, async () => {
  const cache = new CeilingCache('/proc/self/pushbench');
  await assert.rejects(cache.keep(HERE, ceiling()), /ENOENT/);
});

test('it does not grow beyond two hundred: the oldest go', async () => {
  const cache = await emptyCache();
  await cache.keep(HERE, ceiling());
  const { cacheVersion, entries } = JSON.parse(await readFile(cache.path, 'utf8'));
  const full = Array.from({ length: 200 }, (_, i) => ({
    origin: HERE,
    ceiling: ceiling({ payloadBytes: 1_000 + i }),
  }));
  await writeFile(cache.path, JSON.stringify({ cacheVersion, entries: [...entries, ...full] }));
  await cache.keep(HERE, ceiling({ protocol: 'ws' }));
  const kept = JSON.parse(await readFile(cache.path, 'utf8')).entries;
  assert.equal(kept.length, 200);
  assert.equal(await cache.find(HERE, ceiling()), null);
  assert.notEqual(await cache.find(HERE, ceiling({ protocol: 'ws' })), null);
  assert.notEqual(await cache.find(HERE, ceiling({ payloadBytes: 1_199 })), null);
});

test('the folder is the one that is named, else that of the XDG specification', () => {
  assert.equal(cacheDirectory({ BENCH_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/b' }), '/b/pushbench');
  for (const env of [{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'relative' }]) {
    assert.match(cacheDirectory(env), /[/\\]\.cache[/\\]pushbench$/);
  }
});
