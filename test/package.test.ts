import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readResult } from '../reports/resultFile.ts';
import { assertMeasured, type Ended, ROOT } from './endToEndBench.ts';

// The package as a user gets it: packed, installed into an empty project outside of the repository, and used from there.

const EXAMPLE = join(ROOT, 'docs', 'library', 'example.ts');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

let folder = '';
let app = '';
let tarball = '';
let packed: string[] = [];
let started = 0;
/** Needs the tarball alone, so it goes on while that is installed. */
let linted: Promise<Ended>;

/** Runs a program in the project; what it said and its exit code. */
function start(file: string, args: readonly string[], cwd = app): Promise<Ended> {
  // Two of them run at the same time.
  started++;
  const env = { ...process.env, BENCH_LOCK_FILE: join(folder, `lock-${started}`) };
  return new Promise((resolve) => {
    const child = execFile(file, args, { cwd, env, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
  });
}

async function succeed(file: string, args: readonly string[], cwd = app): Promise<Ended> {
  const ended = await start(file, args, cwd);
  assert.equal(ended.code, 0, `${file} ${args.join(' ')}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-package-'));
  app = join(folder, 'app');
  await mkdir(app);
  await succeed('npm', ['pack', '--pack-destination', folder], ROOT);
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  tarball = join(folder, name);
  linted = start(process.execPath, [join(ROOT, 'bin', 'lintTypes.js'), tarball]);
  packed = (await succeed('tar', ['-tzf', tarball])).stdout.trim().split('\n');
  await writeFile(join(app, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  // The Node that comes with it is the one that runs this test.
  const flags = ['--prefer-offline', '--omit=optional', '--no-audit', '--no-fund'];
  await succeed('npm', ['install', ...flags, tarball]);
});
after(() => rm(folder, { recursive: true, force: true }));

test('it holds the compiled program, its types, the schemas, the texts and the documents, and neither sources nor tests', () => {
  for (const file of [
    // Errors and --help lead to them.
    ...['docs/adr.md', 'docs/own-server.md', 'docs/adapters/README.md', 'docs/library/example.ts'],
    ...['README.md', 'LICENSE', 'CHANGELOG.md', 'bin/bench.js', 'bin/pushbench.js', 'dist/cli/main.js'],
    ...[
      'dist/contract/publicApi.d.ts',
      'contract/result.schema.json',
      'dist/servers/grpc/pushbench/v1/push.proto',
    ],
  ])
    assert.ok(packed.includes(`package/${file}`), file);
  const code = packed.filter((file) => !file.startsWith('package/docs/'));
  const strange = code.filter((file) => /\.test\.|\/testing\/|(?<!\.d)\.ts$|bench-results/.test(file));
  assert.deepEqual(strange, []);
});

describe('in an empty project', { concurrency: 3 }, () => {
  test('bench measures a stage, and a threshold that does not hold ends it with 4', async () => {
    const load = '--connections 20 --rate 50 --duration 1s --warmup 0s --probes 0 --memory-levels 0';
    const thresholds = ['--threshold', 'deliveries.lost == 0', '--threshold', 'deliveries.received < 50'];
    const flags = [...load.split(' '), '--no-profile', '--calibrate', 'never', ...thresholds, '--out', 'out'];
    const bench = join(app, 'node_modules', '.bin', 'bench');
    const ended = await start(bench, ['run', '--stage', 'sse', ...flags]);
    const result = await readResult(join(app, 'out'));
    // INVALID, as on a busy machine, weighs more than a threshold.
    if (ended.code === 4) assert.notEqual(result.validity.verdict, 'INVALID');
    else assertMeasured(ended, result);
    assert.notEqual(ended.code, 0, ended.stderr);
    const { deliveries } = result.runs[0];
    assert.deepEqual([deliveries?.expected, deliveries?.received, deliveries?.lost], [50, 50, 0]);
    assert.match(ended.stdout, /\n✓ deliveries\.lost == 0 +0\n✗ deliveries\.received < 50 +50\n/);
  });

  test('the example of the library measures, compares and writes its report', async () => {
    await cp(EXAMPLE, join(app, 'example.ts'));
    const { code, stdout, stderr } = await start(process.execPath, ['example.ts']);
    assert.match(stdout, /^2 runs, /, stderr);
    assert.match(stdout, /\nsse: 0 lost, .*\nws: 0 lost, /);
    assert.match(stdout, /\nholds: deliveries\.lost == 0 \(worst 0\)\n/);
    const isLate = /does not hold: latencyUs/.test(stdout);
    assert.equal(code, isLate ? 4 : 0, stderr);
    const files = await readdir(join(app, 'measured'));
    for (const file of ['result.json', 'report.html', 'report.md']) assert.ok(files.includes(file), file);
  });

  test('linters of types have nothing against it', async () => {
    const { code, stderr } = await linted;
    assert.equal(code, 0, stderr);
  });

  // The declarations are the same for both: one of them reads all that they refer to.
  for (const { resolution, skipLibCheck } of [
    { resolution: 'node16', skipLibCheck: false },
    { resolution: 'bundler', skipLibCheck: true },
  ]) {
    test(`TypeScript finds its types with moduleResolution ${resolution}, and refuses what is wrong`, async () => {
      const project = join(app, resolution);
      await mkdir(project);
      await cp(EXAMPLE, join(project, 'example.ts'));
      await writeFile(join(project, 'wrong.ts'), WRONG);
      const compilerOptions = {
        ...{ module: resolution === 'bundler' ? 'esnext' : resolution, moduleResolution: resolution },
        ...{ target: 'esnext', strict: true, noEmit: true, skipLibCheck, types: ['node'] },
        typeRoots: [join(ROOT, 'node_modules', '@types')],
      };
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      const { code, stdout } = await start(process.execPath, [TSC, '-p', project]);
      assert.notEqual(code, 0);
      const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
      assert.deepEqual(
        errors.map((line) => line.replace(/^.*?(\w+\.ts)\((\d+),.*$/, '$1:$2')),
        ['wrong.ts:2', 'wrong.ts:3', 'wrong.ts:4'],
        stdout,
      );
    });
  }
});

/** Each line but the first has one error. */
const WRONG = `import { compare, defineConfig, run } from 'pushbench';
run({ stagez: ['sse'] });
defineConfig({ workload: { connections: [1] } });
const headline: number = (await compare([])).headline;
export { headline };
`;
