import assert from 'node:assert/strict';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { STAGES } from '../servers/registry.ts';
import { linkLatest, prepareDirectory, resultDirectory } from './outputDirectory.ts';
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

test('a folder is made, written and left empty', async () => {
  const directory = join(folder, 'a', 'b');
  await prepareDirectory(directory);
  await rm(join(folder, 'a'), { recursive: true });
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
