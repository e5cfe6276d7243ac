import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAUNCHER = join(ROOT, 'bin', 'bench.js');
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-launcher-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Starts a launcher, collects what it says. */
function launch(launcher: string, args: readonly string[]) {
  const child = spawn(process.execPath, [launcher, ...args], { cwd: folder });
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += data;
    child.emit('said', said);
  });
  child.stderr.on('data', (data: Buffer) => {
    said += data;
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code: Number(code), said })) };
}

test('the exit code of a command comes through', async () => {
  assert.equal((await launch(LAUNCHER, ['list', 'scenarios']).ended).code, 0);
  const bad = await launch(LAUNCHER, ['list', 'scenario']).ended;
  assert.equal(bad.code, 2);
  assert.match(bad.said, /did you mean "scenarios"/);
});

test('SIGINT stops a served stage with exit code 0', async () => {
  const { child, ended } = launch(LAUNCHER, ['serve', '--port', '0']);
  for (let said = ''; !said.includes('Ctrl-C stops it'); [said] = await once(child, 'said'));
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
});

test('a package that is not built says so', async () => {
  await mkdir(join(folder, 'bare', 'bin'), { recursive: true });
  const launcher = join(folder, 'bare', 'bin', 'bench.js');
  await cp(LAUNCHER, launcher);
  await writeFile(join(folder, 'bare', 'package.json'), '{"type":"module"}');
  const { code, said } = await launch(launcher, ['list']).ended;
  assert.equal(code, 2);
  assert.match(said, /not built: run `npm run build`/);
});
