import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { optionalPrograms } from './optionalPrograms.ts';

test('a program is found where the PATH leads to it, and one that is missing is no fault', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-path-'));
  try {
    const program = join(folder, 'redis-server');
    await writeFile(program, '');
    await chmod(program, 0o755);
    const seen = optionalPrograms(['/nowhere', folder].join(delimiter)).map((check) => [
      check.name,
      check.status,
      check.seen,
    ]);
    assert.deepEqual(seen, [
      ['redis-server', 'ok', program],
      ['etcd', 'ok', 'not found (optional)'],
      ['haproxy', 'ok', 'not found (optional)'],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
