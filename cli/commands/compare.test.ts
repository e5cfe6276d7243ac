import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { RunResult } from '../../contract/result.ts';
import { writeResult } from '../../reports/resultFile.ts';
import { repeatedRuns } from '../../reports/testing/sampleComparison.ts';
import { sampleResult } from '../../reports/testing/sampleResult.ts';
import { runCli } from '../program.ts';
import { testSystem } from '../testing/testSystem.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'pushbench-compare-')));
  await save('monday', sampleResult({ runs: repeatedRuns(4, 1_000) }));
  await save('tuesday', sampleResult({ runs: repeatedRuns(4, 700) }));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

function save(name: string, result: RunResult): Promise<string> {
  return writeResult(result, join(cwd, name));
}

async function compare(...argv: string[]) {
  const system = testSystem(['compare', ...argv], { cwd });
  const code = await runCli(system);
  return { code, out: system.out(), err: system.err() };
}

test('tells old, new and delta, and writes the report', async () => {
  const { code, out, err } = await compare('monday', 'tuesday/result.json', '--out', 'both');
  assert.equal(code, 0, err);
  assert.match(out, /^sse:shared \(monday\) to sse:shared \(tuesday\): p99 30 % lower \(better\)/);
  assert.match(out, /\nold: sse:shared \(monday\)\nnew: sse:shared \(tuesday\)/);
  assert.match(out, /p99 .*-30\.\d % \(p=0\.029 n=4\+4\)/);
  assert.equal(err, '');
  const page = await readFile(join(cwd, 'both', 'report.html'), 'utf8');
  for (const folder of ['monday', 'tuesday'])
    assert.ok(page.includes(`<code>${join('..', folder, 'result.json')}</code>`), folder);
  await access(join(cwd, 'both', 'report.md'));
});

test('one result is compared with the latest', async () => {
  await save(join('bench-results', 'latest'), sampleResult({ runs: repeatedRuns(4, 1_000) }));
  const { code, out } = await compare('monday', '--out', 'both');
  assert.equal(code, 0);
  assert.match(out, /new: sse:shared \(latest\)/);
});

test('--json prints what the report folder keeps as comparison.json', async () => {
  const { out } = await compare('monday', 'tuesday', '--out', 'both', '--json');
  const data = JSON.parse(out);
  assert.deepEqual(data, JSON.parse(await readFile(join(cwd, 'both', 'comparison.json'), 'utf8')));
  const delta = data.deltas.find(({ metric }: { metric: string }) => metric === 'p99');
  assert.equal(delta.outcome, 'better');
  assert.equal(delta.old.n, 4);
});

test('what is not alike is named on stderr and refuses nothing', async () => {
  const host = { ...sampleResult().host, cpuModel: 'Other CPU' };
  await save('wednesday', sampleResult({ host }));
  const { code, err } = await compare('monday', 'wednesday', '--out', 'both');
  assert.equal(code, 0);
  assert.match(err, /^Not like for like: processor \(monday: Example CPU .*; wednesday: Other CPU/);
});

test('bad input is exit code 2: absent, empty, or a folder that holds a result', async () => {
  await save('empty', sampleResult({ runs: [] }));
  for (const [argv, pattern] of [
    [['monday', 'nowhere'], /nowhere.*cannot be read/],
    [['monday', 'empty'], /a result with at least one run/],
    [['monday', 'tuesday', '--out', 'monday'], /already holds a result/],
    [[], /missing required argument[\s\S]*bench compare --help/],
  ] as const) {
    const { code, out, err } = await compare(...argv);
    assert.equal(code, 2, err);
    assert.equal(out, '');
    assert.match(err, pattern);
  }
});
