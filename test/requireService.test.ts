import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireService } from './requireService.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-service-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('a service that is missing is a reason to skip', () => {
  assert.deepEqual(requireService('chromium', { PATH: folder }), {
    path: null,
    skip: 'chromium is not installed',
  });
});

test('where services are required a missing one is an error', () => {
  const env = { PATH: folder, BENCH_REQUIRE_SERVICES: '1' };
  assert.throws(
    () => requireService('chromium', env),
    /chromium is not installed, and BENCH_REQUIRE_SERVICES/,
  );
});

test('an executable on the PATH is found', async () => {
  const path = join(folder, 'python3');
  await writeFile(path, '');
  assert.notEqual(requireService('python3', { PATH: folder }).skip, false);
  await chmod(path, 0o755);
  assert.deepEqual(requireService('python3', { PATH: folder }), { path, skip: false });
});
