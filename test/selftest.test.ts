import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SelftestCaseResult } from '../contract/selftest.ts';
import { readSelftest } from '../reports/selftest/selftestFile.ts';
import { SELFTEST_CASES } from '../runners/selftest/cases.ts';
import { Bench, childrenOf, whenGone, withFolder } from './endToEndBench.ts';
import { othersBetween, readTicks } from './ticksOfOthers.ts';

/** What came of other programs, or of the hypervisor, not of the harness. */
const BY_OTHERS = /^(other work on the host|steal) /;

/** In each attempt others took the cores: that shows nothing, for or against the harness, and no test can forbid it. */
function wasKeptByOthers({ attempts, disturbances, rows }: SelftestCaseResult): boolean {
  const byOthers = disturbances.filter((reason) => BY_OTHERS.test(reason));
  return isVoid({ rows }) && byOthers.length >= attempts;
}

/** Cores in use by others over the whole selftest where it is true that they kept a case from being shown three times. */
const KEPT_BY_CORES = 0.1;

function isVoid({ rows }: Pick<SelftestCaseResult, 'rows'>): boolean {
  return rows.some(({ verdict }) => verdict === 'void');
}

/** Cases of which nothing was shown, for or against the harness, are asked once more by themselves; what failed is not. */
async function withSecondTry(
  cases: readonly SelftestCaseResult[],
  folder: string,
): Promise<readonly SelftestCaseResult[]> {
  const open = cases.filter(isVoid);
  if (open.length === 0) return cases;
  const only = open.map(({ name }) => name).join(',');
  const bench = new Bench(folder, ['selftest', '--quick', '--only', only, '--out', `${folder}/again`]);
  await bench.ended;
  const again = (await readSelftest(bench.out)).cases;
  return cases.map((one) => again.find(({ name }) => name === one.name) ?? one);
}

test('every claim of the quick selftest holds', (t) =>
  withFolder(async (folder) => {
    const before = readTicks();
    const bench = new Bench(folder, ['selftest', '--quick', '--json', '--out', `${folder}/result`]);
    const { code, stdout, stderr } = await bench.ended;
    const result = await readSelftest(bench.out);
    assert.deepEqual(JSON.parse(stdout), result);
    const cases = await withSecondTry(result.cases, folder);
    const after = readTicks();
    const kept = cases.filter(wasKeptByOthers);
    for (const { title, disturbances } of kept)
      t.diagnostic(`not shown, ${disturbances.join('; ')}: ${title}`);
    // A harness that takes its own work for that of others must not be excused by what it says.
    if (kept.length > 0 && before !== null && after !== null) {
      const cores = othersBetween(before, after);
      assert.ok(cores >= KEPT_BY_CORES, `others, who are said to have disturbed it, used ${cores} cores`);
    }
    const rows = cases.filter((one) => !kept.includes(one)).flatMap((one) => one.rows);
    // Rows rather than the exit code: a failure then names what failed, with its figures.
    assert.deepEqual(
      rows.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'info'),
      [],
      stderr,
    );
    assert.equal(code, result.cases.some(isVoid) ? 3 : 0, stderr);
    assert.deepEqual(
      result.cases.map(({ name }) => name),
      SELFTEST_CASES.map(({ name }) => name),
    );
  }));

test('Ctrl-C in a study of noise ends it with 130, with the runs that came to their end', () =>
  withFolder(async (folder) => {
    const bench = new Bench(folder, ['selftest', '--quick', '--aa', '2', '--out', `${folder}/result`]);
    await bench.says(/^ {2}start/m);
    bench.child.kill('SIGINT');
    const { code, stdout, stderr } = await bench.ended;
    assert.equal(code, 130, stderr);
    const { status, noise } = await readSelftest(bench.out);
    assert.deepEqual([status, noise?.runs, noise?.verdicts], ['aborted', 2, []]);
    assert.match(stdout, /^The same build against itself, sse:shared, steady at a tenth: 0 of 2 runs/);
  }));

test('Ctrl-C in a case ends with 130, writes what there is, and leaves no process', () =>
  withFolder(async (folder) => {
    const args = ['--only', 'recorder,frozen-server', '--out', `${folder}/result`];
    const bench = new Bench(folder, ['selftest', ...args]);
    await bench.says(/^ {2}warmup/m);
    const children = childrenOf(bench.pid).map(({ pid }) => pid);
    assert.ok(children.length > 0);
    bench.child.kill('SIGINT');
    const { code, stdout, stderr } = await bench.ended;
    assert.equal(code, 130, stderr);
    const { status, cases } = await readSelftest(bench.out);
    assert.deepEqual([status, cases.map(({ name }) => name)], ['aborted', ['recorder']]);
    assert.match(stdout, /^ABORTED: /);
    await whenGone(children);
  }));
