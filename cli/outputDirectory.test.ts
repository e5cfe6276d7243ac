import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { STAGES } from '../servers/registry.ts';
import {
  linkLatest,
  namedDirectory,
  prepareDirectory,
  removeEmpty,
  resultDirectory,
} from './outputDirectory.ts';
import { resolveSettings } from './resolveSettings.ts';

const NOW = new Date('2026-03-04T05:06:07.890Z');
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-out-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('the folder is named after time, stages and scenario', () => {
  const settings = resolveSettings({ flags: {}, env: {}, config: {}, stages: STAGES, defaultStage: 'sse' });
  assert.equal(
    resultDirectory('/home/me', null, settings, NOW),
    '/home/me/bench-results/2026-03-04-050607-sse-shared-steady',
  );
  assert.equal(resultDirectory('/home/me', 'out', settings, NOW), '/home/me/out');
});

test('an empty --out is refused: the current folder was not meant', () => {
  for (const out of ['', ' ']) {
    assert.throws(() => namedDirectory('/home/me', out), {
      exitCode: 2,
      message: /--out "": a folder is needed/,
    });
  }
  assert.equal(namedDirectory('/home/me', '.'), '/home/me');
});

test('folders are made, written, left empty, and taken away again where they stay so', async () => {
  const made = await prepareDirectory(join(folder, 'a', 'b'));
  assert.deepEqual(made, [join(folder, 'a'), join(folder, 'a', 'b')]);
  await removeEmpty(made);
  assert.equal(existsSync(join(folder, 'a')), false);
});

test('a folder that holds something is left', async () => {
  const made = await prepareDirectory(join(folder, 'c', 'd'));
  await writeFile(join(folder, 'c', 'd', 'result.json'), '{}');
  await removeEmpty(made);
  assert.ok(existsSync(join(folder, 'c', 'd', 'result.json')));
});

test('a folder that cannot be made is refused before the run', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await assert.rejects(prepareDirectory(join(file, 'out')), { exitCode: 2, message: /--out .*ENOTDIR/ });
});

test('a folder that cannot be written is refused before the run', {
  skip: process.platform !== 'linux',
}, async () => {
  // Even root may not write there.
  await assert.rejects(prepareDirectory('/proc/self/pushbench'), { exitCode: 2, message: /--out \/proc/ });
});

test('a full disk is refused before the run', { skip: process.platform !== 'linux' }, async () => {
  const full = { exitCode: 2, message: /MiB are free, 64 MiB are needed/ };
  await assert.rejects(
    prepareDirectory(folder, () => Promise.resolve({ bavail: 3, bsize: 1_048_576 })),
    full,
  );
});

test('a folder with a result is not written over', async () => {
  await writeFile(join(folder, 'result.json'), '{}');
  await assert.rejects(prepareDirectory(folder), { exitCode: 2, message: /already holds a result/ });
});

test('latest points at the newest result', async () => {
  await linkLatest(join(folder, 'one'));
  await linkLatest(join(folder, 'two'));
  assert.equal(await readlink(join(folder, 'latest')), 'two');
});
