import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunOptions } from '../contract/library.ts';
import type * as api from '../contract/publicApi.ts';
import { writeResult } from '../reports/resultFile.ts';
import { repeatedRuns } from '../reports/testing/sampleComparison.ts';
import { sampleResult } from '../reports/testing/sampleResult.ts';
import { acquireRunLock } from '../runners/lock.ts';
import * as library from './library.ts';

const { BenchError, compare, judgeThresholds, readResult, run, UsageError } = library;
/** What is declared is there, and takes and gives what is declared. */
const declared: typeof api = library;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-library-'));
  process.env.BENCH_LOCK_FILE = join(folder, 'run.lock');
});
after(async () => {
  delete process.env.BENCH_LOCK_FILE;
  await rm(folder, { recursive: true, force: true });
});

test('the package gives out what is declared, and nothing else', async () => {
  const published = await import('pushbench');
  assert.deepEqual(Object.keys(published).sort(), Object.keys(declared).sort());
  // The same objects, so that an error is an instance of the class that was imported.
  assert.equal(published.UsageError, UsageError);
});

test('all that is wrong with the options is told at once, before anything is written', async () => {
  const options: RunOptions = {
    stages: ['sse', 'nope'],
    target: { url: 'http://127.0.0.1:9000' },
    workload: { connections: 'many', profile: 'cpu' },
    thresholds: ['deliveries.lost == 0', 'latency < 5'],
    security: 'tsl',
    link: 'slow',
  };
  const before = await readdir(folder);
  await assert.rejects(run(options), (error) => {
    assert.ok(error instanceof UsageError);
    const keys = error.faults.map(({ key }) => key);
    for (const key of [
      ...['config.stages', 'config.workload.connections', 'config.workload.profile'],
      ...['config.thresholds[1]', '--link'],
    ])
      assert.ok(keys.includes(key), `${key} among ${keys}`);
    return error.exitCode === 2;
  });
  assert.deepEqual(await readdir(folder), before);
});

test('a run is refused while another goes on', async () => {
  const lock = await acquireRunLock();
  try {
    await assert.rejects(run({ directory: join(folder, 'second') }), (error) => {
      assert.ok(error instanceof BenchError);
      return /Another run is going on/.test(error.message);
    });
  } finally {
    await lock.release();
  }
  assert.deepEqual(await readdir(folder), []);
});

test('a run that is aborted before it begins is a result without runs, and writes only where it was told to', async () => {
  const told: string[] = [];
  const options: RunOptions = {
    stages: ['sse'],
    scenario: 'smoke',
    calibrate: 'never',
    thresholds: ['deliveries.lost == 0'],
    labels: { team: 'edge' },
    signal: AbortSignal.abort(),
    onProgress: ({ kind }) => told.push(kind),
  };
  const { status, runs, labels, config } = await run(options);
  assert.deepEqual([status, runs.length, labels.team], ['aborted', 0, 'edge']);
  assert.deepEqual(config.thresholds, [
    { text: 'deliveries.lost == 0', path: 'deliveries.lost', comparator: '==', bound: 0 },
  ]);
  assert.deepEqual(told, []);
  assert.deepEqual(await readdir(folder), []);
  const written = await run({ ...options, cwd: folder, directory: 'out' });
  assert.deepEqual(await readResult(join(folder, 'out')), written);
  await rm(join(folder, 'out'), { recursive: true });
});

test('results are compared, with names that tell them apart', async () => {
  const old = sampleResult({ runs: repeatedRuns(4, 1_000) });
  const newer = sampleResult({ runs: repeatedRuns(4, 700) });
  const { sources, deltas } = await compare([old, { name: 'tuned', result: newer }]);
  assert.deepEqual(
    sources.map(({ name }) => name),
    ['result 1', 'tuned'],
  );
  const p99 = deltas.find(({ metric }) => metric === 'p99');
  assert.equal(p99?.outcome, 'better');
  assert.match(p99?.new.server ?? '', /\(tuned\)$/);
});

test('a comparison of nothing, and of a result without runs, is refused', async () => {
  await assert.rejects(compare([]), UsageError);
  await assert.rejects(compare([sampleResult(), sampleResult({ runs: [] })]), /results\[1\]/);
});

test('a stored result is read, and its thresholds are judged again', async () => {
  const thresholds = [
    { text: 'deliveries.lost > 5', path: 'deliveries.lost', comparator: '>', bound: 5 },
  ] as const;
  const stored = sampleResult({ config: { thresholds } });
  await writeResult(stored, join(folder, 'stored'));
  const [outcome] = await judgeThresholds(await readResult(join(folder, 'stored')));
  assert.deepEqual([outcome.passed, outcome.worst], [false, 0]);
  await assert.rejects(readResult(join(folder, 'gone')), BenchError);
  await rm(join(folder, 'stored'), { recursive: true });
});
