import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { acquireRunLock } from '../runners/lock.ts';
import { runCli } from './program.ts';
import { testSystem } from './testing/testSystem.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-run-'));
  process.env.BENCH_LOCK_FILE = join(folder, 'run.lock');
});
after(async () => {
  delete process.env.BENCH_LOCK_FILE;
  await rm(folder, { recursive: true, force: true });
});

async function run(flags: readonly string[]) {
  const system = testSystem(['run', ...flags], { cwd: folder });
  return { code: await runCli(system), err: system.err() };
}

test('a second run is refused, naming the first, and leaves no folder', async () => {
  const lock = await acquireRunLock();
  try {
    const { code, err } = await run(['--out', 'second']);
    assert.equal(code, 2);
    assert.match(err, new RegExp(`${process.pid}`));
    assert.equal(existsSync(join(folder, 'second')), false);
  } finally {
    await lock.release();
  }
});

test('an --out that cannot be written is refused before any load, and the lock is free again', async () => {
  await writeFile(join(folder, 'file'), '');
  const { code, err } = await run(['--out', 'file/out']);
  assert.equal(code, 2);
  assert.match(err, /--out .*file\/out/);
  await (await acquireRunLock()).release();
});

test('a plan that the machine cannot hold is refused', async () => {
  const { code, err } = await run(['--connections', '10m', '--out', 'huge']);
  assert.equal(code, 2);
  assert.match(err, /10,?000,?000|10 ?m|GB|GiB|files|memory/i);
  assert.equal(existsSync(join(folder, 'huge')), false);
});
