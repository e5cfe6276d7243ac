import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../cli/program.ts';
import { testSystem } from '../cli/testing/testSystem.ts';
import { writeResult } from '../reports/resultFile.ts';
import { sampleResult } from '../reports/testing/sampleResult.ts';
import { sampleRun } from '../reports/testing/sampleRun.ts';
import { type Files, type ScratchRepository, withRepository } from './gateRepository.ts';

const TARGET = "start: 'python3 server.py {port}', path: '/events', publish: '/publish'";
const configOf = (target: string, rest = ''): Files => ({
  'bench.config.ts': `export default { target: { ${target} }${rest} };\n`,
});
const COMMITTED: Files = { 'server.py': 'print("server")\n', ...configOf(TARGET) };

/** A gate that is called in the folder. */
async function gate(cwd: string, args: string) {
  const system = testSystem(['gate', ...args.split(' ').filter(Boolean)], { cwd });
  const code = await runCli(system);
  return { code, out: system.out(), err: system.err() };
}

async function assertRefused(cwd: string, args: string, ...patterns: readonly RegExp[]): Promise<void> {
  const { code, err } = await gate(cwd, args);
  assert.equal(code, 2, err);
  for (const pattern of patterns) assert.match(err, pattern);
}

const withCommitted = (use: (scratch: ScratchRepository) => Promise<void>): Promise<void> =>
  withRepository(async (scratch) => {
    await scratch.commit(COMMITTED);
    await use(scratch);
  });

test('everything that is wrong with options and config is told at once', () =>
  withCommitted(async (scratch) => {
    await scratch.write(
      configOf(TARGET, ", gate: { block: 3, maxTime: 5, tolerances: { 'wire.bytesPerDelivery': 2 } }"),
    );
    await assertRefused(
      scratch.folder,
      '--head main --blocks 3 --on-inconclusive maybe --rooms x --stage sse --tolerance latencyUs.delivery.p99=5,latencyUs.delivery.p98=5%,deliveries.lost=5%,connections.requested=1,alone',
      /--base: what head is held against/,
      /--blocks "3": a whole number from 6 to 100/,
      /--on-inconclusive "maybe": one of warn, fail/,
      /--rooms "x"/,
      /--stage: no such flag/,
      /"5": latencyUs\.delivery\.p99: a share of the base with its sign, such as 5%/,
      /"latencyUs\.delivery\.p98": a path of .* did you mean .*"latencyUs\.delivery\.p99"/,
      /"5%": deliveries\.lost: a count per run/,
      /"connections\.requested": a path that is better higher or lower/,
      /"alone": path=value/,
      /config\.gate\.block: no such key; .* did you mean "blocks"/,
      /config\.gate\.maxTime 5: a time/,
      /config\.gate\.tolerances 2: wire\.bytesPerDelivery: a share/,
      /bench gate --help/,
    );
  }));

test('there has to be one path that decides, and --strict does not go with a warning', () =>
  withCommitted(async ({ folder }) => {
    const all = 'deliveries.lost cpu.server.usPerDelivery latencyUs.delivery.p99';
    const more = 'memory.server.rssPerConnectionBytes io.server.syscallsPerDelivery wire.bytesPerDelivery';
    const off = `${all} ${more}`.split(' ').map((path) => `--tolerance ${path}=off`);
    await assertRefused(folder, `--base main ${off.join(' ')}`, /one path at least that decides/);
    await assertRefused(folder, '--base main --strict --on-inconclusive warn', /--strict: not together/);
  }));

test('without a server that is started there is nothing to measure two states of', () =>
  withCommitted(async (scratch) => {
    await scratch.write({ 'bench.config.ts': 'export default {};' });
    await assertRefused(scratch.folder, '--base main', /config\.target: a server of your own/, /bench init/);
    await rm(join(scratch.folder, 'bench.config.ts'));
    // Another path: a module is loaded once.
    await scratch.write({ 'bench.config.mts': "export default { target: { url: 'http://127.0.0.1:1' } };" });
    await assertRefused(scratch.folder, '--base main', /one that runs already cannot be two states/);
  }));

test('a scenario that searches or compares is none for blocks', () =>
  withCommitted(({ folder }) =>
    assertRefused(
      folder,
      '--base main --scenario ceiling',
      /scenario "ceiling": a scenario that puts one load/,
    ),
  ));

test('a missing ref is named, and in a shallow clone how to get it', () =>
  withCommitted(async (scratch) => {
    await assertRefused(
      scratch.folder,
      '--base nope',
      /--base nope: no such ref in .*, and no such folder or result/,
      /git -C .* fetch/,
    );
    await assertRefused(
      scratch.folder,
      '--base ./nope',
      /--base \.\/nope: there is no such folder or result\./,
    );
    await scratch.commit({ 'server.py': 'second\n' });
    const clone = join(dirname(scratch.folder), 'clone');
    await scratch.git('clone', '--quiet', '--depth', '1', `file://${scratch.folder}`, clone);
    for (const ref of ['main~1', 'origin/other'])
      await assertRefused(
        clone,
        `--base ${ref}`,
        /The clone is shallow/,
        /fetch-depth: 0/,
        /git fetch --unshallow/,
      );
    await scratch.git('branch', 'other');
    const { err } = await gate(clone, '--base origin/other');
    const [, refspec = ''] = /git fetch origin (\+\S+)/.exec(err) ?? [];
    await scratch.git('-C', clone, 'fetch', '--quiet', 'origin', refspec);
    // It is found then: what is still wrong is another thing.
    assert.doesNotMatch((await gate(clone, '--base origin/other --dry-run')).err, /no such ref/);
  }));

test('HEAD is refused while files differ from it, unless that is meant', () =>
  withCommitted(async (scratch) => {
    await scratch.write({ 'server.py': 'edited\n', 'notes.txt': 'new' });
    await assertRefused(
      scratch.folder,
      '--base main --head HEAD',
      /what you see is not what would be measured: changed since the commit: server\.py\./,
      /Leave --head out/,
      /--allow-dirty/,
    );
    for (const args of ['--base HEAD', '--base main --head HEAD --allow-dirty', '--base main --head .']) {
      const { code, out } = await gate(scratch.folder, `${args} --dry-run`);
      assert.equal(code, 0);
      assert.equal(/with changes that are not committed/.test(out), !args.includes('--allow-dirty'), args);
    }
  }));

test('outside of a repository there are no refs, but folders', () =>
  withCommitted(async ({ folder }) => {
    const around = dirname(folder);
    await writeFile(join(around, 'bench.config.ts'), `export default { target: { ${TARGET} } };`);
    await assertRefused(around, '--base main', /no such folder or result, and no git repository/);
    const { code, out } = await gate(around, '--base ./repository --dry-run');
    assert.equal(code, 0);
    assert.match(out, /Gate: base \.\/repository \([0-9a-f]{10}\), head \.\n/);
    const config = '--config repository/bench.config.ts --base ./repository --dry-run';
    assert.match((await gate(around, config)).out, /Gate: base (\.\/repository .*), head \1\n/);
  }));

test('the cost is told first, and refused with what would fit where it is more than allowed', () =>
  withCommitted(async ({ folder }) => {
    const { out } = await gate(folder, '--base main --head HEAD --dry-run');
    assert.match(out, /both are the same commit/);
    assert.match(out, /cost +8 blocks x 4 runs of about [\d.]+ s: about [\d.]+ min, and building/);
    await assertRefused(
      folder,
      '--base main --max-time 3m',
      /would take about .* min, and --max-time is 3 min/,
    );
    const fits = /Within that time: (.*); or/.exec((await gate(folder, '--base main --max-time 3m')).err);
    assert.equal((await gate(folder, `--base main --max-time 3m --dry-run ${fits?.[1]}`)).code, 0);
    assert.deepEqual((await readdir(folder)).sort(), ['.git', 'bench.config.ts', 'server.py']);
  }));

test('a folder of a checkout where the server is not is told before it is built', () =>
  withCommitted(async (scratch) => {
    const lock = process.env.BENCH_LOCK_FILE;
    process.env.BENCH_LOCK_FILE = join(dirname(scratch.folder), 'lock');
    try {
      await scratch.commit({ 'sub/server.py': 'x', 'sub/bench.config.ts': COMMITTED['bench.config.ts'] });
      const { code, err } = await gate(join(scratch.folder, 'sub'), '--base main~1');
      assert.equal(code, 2);
      assert.match(
        err,
        /--base main~1 \([0-9a-f]{10}\): the folder of the server is not there: .*\/base\/sub/,
      );
      assert.equal((await scratch.git('worktree', 'list')).trim().split('\n').length, 1);
      assert.ok(!existsSync(join(scratch.folder, 'sub', 'bench-results')));
    } finally {
      if (lock === undefined) delete process.env.BENCH_LOCK_FILE;
      else process.env.BENCH_LOCK_FILE = lock;
    }
  }));

test('results of another host or load are not compared, unless that is meant', () =>
  withCommitted(async ({ folder }) => {
    const before = sampleResult();
    const workload = { ...sampleRun().workload, connections: 4_321 };
    const after = sampleResult({
      host: { ...before.host, cpuModel: 'Another CPU', kernel: '9.9', nodeVersion: 'v99.0.0', cores: 64 },
      runs: [sampleRun({ workload })],
    });
    const around = dirname(folder);
    for (const [name, result] of [
      ['monday', before],
      ['tuesday', after],
    ] as const) {
      await writeFile(join(around, `${name}.json`), '');
      await writeResult(result, around);
      await writeFile(join(around, `${name}.json`), JSON.stringify(result));
    }
    await rm(join(around, 'result.json'));
    const sides = '--base ../monday.json --head ../tuesday.json';
    await assertRefused(
      folder,
      sides,
      /Unlike would be compared with unlike/,
      /processor: base .*, head Another CPU/,
      /cores: base .*, head 64/,
      /system: base .*, head .*kernel 9\.9/,
      /Node: base .*, head v99\.0\.0/,
      /connections: base .*, head 4321/,
      /--allow-different/,
    );
    const { code, out } = await gate(folder, `${sides} --allow-different --dry-run`);
    assert.equal(code, 0);
    assert.match(out, /differs +processor/);
    const same = await gate(folder, '--base ../monday.json --head ../monday.json --dry-run');
    assert.deepEqual([same.code, /differs/.test(same.out)], [0, false]);
  }));
