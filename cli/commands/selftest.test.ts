import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EXIT } from '../../contract/errors.ts';
import type { SelftestResult } from '../../contract/selftest.ts';
import { noiseStudy } from '../../reports/selftest/noiseStudy.ts';
import { readSelftest } from '../../reports/selftest/selftestFile.ts';
import { repeatedRuns } from '../../reports/testing/sampleComparison.ts';
import { sampleResult } from '../../reports/testing/sampleResult.ts';
import { SAMPLE_STUDY, sampleRow, sampleSelftest } from '../../reports/testing/sampleSelftest.ts';
import { acquireRunLock } from '../../runners/lock.ts';
import { SELFTEST_CASES } from '../../runners/selftest/cases.ts';
import { exitCodeOfSelftest } from '../executeSelftest.ts';
import { runCli } from '../program.ts';
import { testSystem } from '../testing/testSystem.ts';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'pushbench-selftest-cli-'));
  process.env.BENCH_LOCK_FILE = join(cwd, 'run.lock');
});
after(async () => {
  delete process.env.BENCH_LOCK_FILE;
  await rm(cwd, { recursive: true, force: true });
});

async function bench(...argv: string[]) {
  const system = testSystem(argv, { cwd });
  const code = await runCli(system);
  return { code, out: system.out(), err: system.err() };
}

test('all that is wrong is told at once, with the cases there are', async () => {
  const { code, err } = await bench(
    'selftest',
    '--only',
    'recorder,nope',
    '--aa',
    '1',
    '--seed',
    'x',
    '--qick',
  );
  assert.equal(code, 2);
  assert.match(err, /5 faults/);
  for (const word of ['--only "nope"', 'probe', '--aa "1"', '2 to 100', '--seed "x"', '--qick', '--quick']) {
    assert.ok(err.includes(word), `${word}:\n${err}`);
  }
});

test('--aa has no cases to choose from', async () => {
  const { code, err } = await bench('selftest', '--aa', '4', '--only', 'recorder');
  assert.equal(code, 2);
  assert.match(err, /--only "recorder": not together with --aa/);
});

test('list selftest names every case, each once', async () => {
  const { code, out } = await bench('list', 'selftest');
  assert.equal(code, 0);
  assert.equal(out.trim().split('\n').length, SELFTEST_CASES.length + 1);
  assert.equal(new Set(SELFTEST_CASES.map(({ name }) => name)).size, SELFTEST_CASES.length);
});

test('a case is run, told and written to a folder of its own, which is not written over', async () => {
  const { code, out, err } = await bench('selftest', '--quick', '--only', 'recorder');
  assert.equal(code, 0, err);
  assert.match(out, /^PASS: /);
  assert.match(err, /Case 1 of 1, recorder/);
  const folders = await readdir(join(cwd, 'bench-results'));
  assert.equal(folders.length, 1, 'and no link `latest`');
  assert.match(folders[0], /-selftest$/);
  const folder = join(cwd, 'bench-results', folders[0]);
  const result = await readSelftest(folder);
  assert.deepEqual([result.status, result.verdict, result.cases.length], ['complete', 'pass', 1]);
  const markdown = await readFile(join(folder, 'selftest.md'), 'utf8');
  assert.equal(markdown.match(/^\| recorder /gm)?.length, result.cases[0].rows.length);
  const again = await bench('selftest', '--only', 'recorder', '--out', folder);
  assert.equal(again.code, 2);
  assert.match(again.err, /already holds a result/);
});

test('a selftest is refused while a run goes on', async () => {
  const lock = await acquireRunLock();
  try {
    const { code, err } = await bench('selftest', '--only', 'recorder', '--out', 'second');
    assert.equal(code, 2);
    assert.match(err, /Another run is going on/);
  } finally {
    await lock.release();
  }
});

test('the exit code: a failed claim weighs more than one not shown, an interrupt more than both', () => {
  const running = new AbortController();
  const codeOf = (result: SelftestResult) => exitCodeOfSelftest(result, running);
  assert.equal(codeOf(sampleSelftest()), EXIT.ok);
  assert.equal(codeOf(sampleSelftest([sampleRow('pass'), sampleRow('void')])), EXIT.invalid);
  assert.equal(codeOf(sampleSelftest([sampleRow('fail'), sampleRow('void')])), EXIT.thresholdFailed);
  const study = noiseStudy(sampleResult({ runs: repeatedRuns(2, 1_000) }), { ...SAMPLE_STUDY, runs: 2 });
  assert.equal(codeOf(sampleSelftest([], { noise: study })), EXIT.ok);
  const spoilt = { ...study, verdicts: ['VALID' as const, 'INVALID' as const] };
  assert.equal(codeOf(sampleSelftest([], { noise: spoilt })), EXIT.invalid);
  running.abort();
  assert.equal(codeOf(sampleSelftest([sampleRow('fail')])), EXIT.interrupted);
});
