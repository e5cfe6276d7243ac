import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { BenchError, EXIT } from '../contract/errors.ts';
import { acquireRunLock, lockPath } from './lock.ts';
import { ON_LINUX } from './samplers/procFixture.ts';

function pathFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'run.lock');
}

/** A process that tries to take the lock, says `held` or the message, and lives until its input ends. */
function contender(t: TestContext, path: string): ChildProcess {
  const module = JSON.stringify(new URL('lock.ts', import.meta.url).href);
  const script = `import { acquireRunLock } from ${module};
    const say = (text) => process.stdout.write(text + '\\n');
    await acquireRunLock(${JSON.stringify(path)}).then(() => say('held'), (error) => say(error.message));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function said(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [text] = await once(child.stdout, 'data');
  return String(text).trim();
}

test('the second run is refused, with the holder named, until the first releases', async (t) => {
  const path = pathFor(t);
  const lock = await acquireRunLock(path);
  await assert.rejects(acquireRunLock(path), (error) => {
    assert.ok(error instanceof BenchError);
    assert.equal(error.exitCode, EXIT.usage);
    assert.match(error.message, new RegExp(`process ${process.pid}, started \\d{4}-\\d\\d-\\d\\dT`));
    return true;
  });
  assert.deepEqual(readdirSync(join(path, '..')), ['run.lock']);
  await lock.release();
  await lock.release();
  assert.deepEqual(readdirSync(join(path, '..')), []);
  await (await acquireRunLock(path)).release();
});

test('a lock held by another process is refused; a killed holder loses it', async (t) => {
  const path = pathFor(t);
  const holder = contender(t, path);
  assert.equal(await said(holder), 'held');
  await assert.rejects(acquireRunLock(path), { message: new RegExp(`process ${holder.pid},`) });
  holder.kill('SIGKILL');
  await once(holder, 'close');
  assert.ok(existsSync(path));
  const lock = await acquireRunLock(path);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).pid, process.pid);
  await lock.release();
});

test('a later process of the same pid does not hold the lock', ON_LINUX, async (t) => {
  const path = pathFor(t);
  const startedAt = new Date().toISOString();
  writeFileSync(path, JSON.stringify({ pid: process.pid, startTicks: 1, startedAt, token: 'x' }));
  await (await acquireRunLock(path)).release();
});

for (const content of ['', 'no json', '[]', '{"pid":"x"}', '{"pid":-1,"startTicks":null,"startedAt":""}']) {
  test(`a file that is no lock is replaced: ${JSON.stringify(content)}`, async (t) => {
    const path = pathFor(t);
    writeFileSync(path, content);
    await (await acquireRunLock(path)).release();
  });
}

test('of many runs that find a stale lock exactly one takes it', async (t) => {
  const path = pathFor(t);
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startTicks: 1, startedAt: 'long ago', token: 'x' }));
  const answers = await Promise.all(Array.from({ length: 6 }, () => said(contender(t, path))));
  assert.equal(answers.filter((answer) => answer === 'held').length, 1, answers.join('\n'));
  assert.deepEqual(readdirSync(join(path, '..')), ['run.lock']);
});

test('a release does not take away the lock of another', async (t) => {
  const path = pathFor(t);
  const first = await acquireRunLock(path);
  rmSync(path);
  const second = await acquireRunLock(path);
  await first.release();
  assert.ok(existsSync(path));
  await second.release();
});

test('a folder that cannot be written is named, with the way out', async (t) => {
  const path = join(pathFor(t), 'missing', 'run.lock');
  await assert.rejects(acquireRunLock(path), (error) => {
    assert.ok(error instanceof BenchError);
    assert.ok(error.message.includes(path));
    assert.match(error.hint, /BENCH_LOCK_FILE/);
    return true;
  });
});

test('BENCH_LOCK_FILE names the file', (t) => {
  const before = process.env.BENCH_LOCK_FILE;
  t.after(() => {
    if (before === undefined) delete process.env.BENCH_LOCK_FILE;
    else process.env.BENCH_LOCK_FILE = before;
  });
  process.env.BENCH_LOCK_FILE = '/elsewhere/run.lock';
  assert.equal(lockPath(), '/elsewhere/run.lock');
  delete process.env.BENCH_LOCK_FILE;
  assert.equal(lockPath(), join(tmpdir(), 'pushbench.lock'));
});
