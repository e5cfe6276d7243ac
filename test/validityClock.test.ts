import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { SHORT, startRun, withFolder } from './endToEndBench.ts';

/** Loaded into every process of a run: the clock of its workers is ahead by 5 ms, as after a preload that fakes the time. */
const SKEW = `
if (process.argv[1]?.includes('loadWorker')) {
  const real = process.hrtime.bigint;
  process.hrtime.bigint = () => real() + 5_000_000n;
}`;

test('a run whose workers have another clock is refused before any load, and names the process', () =>
  withFolder(async (folder) => {
    const preload = join(folder, 'skew.mjs');
    await writeFile(preload, SKEW);
    const shell = `NODE_OPTIONS="--import ${pathToFileURL(preload)}" exec "$@"`;
    const run = startRun(folder, [...SHORT, '--stage', 'sse'], shell);
    const { code, stderr } = await run.ended;
    assert.equal(code, 3, stderr);
    assert.match(stderr, /The clock of worker 0 \(process \d+\) is \d(\.\d)? ms ahead of the coordinator's/);
    assert.match(stderr, /time namespace/);
    assert.doesNotMatch(stderr, /warmup/);
    assert.equal(existsSync(join(run.out, 'result.json')), false);
  }));
