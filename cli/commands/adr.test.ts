import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeResult } from '../../reports/resultFile.ts';
import { comparisonResult } from '../../reports/testing/sampleComparison.ts';
import { sampleResult } from '../../reports/testing/sampleResult.ts';
import { sampleRun } from '../../reports/testing/sampleRun.ts';
import { parseThreshold } from '../parse/threshold.ts';
import { runCli } from '../program.ts';
import { testSystem } from '../testing/testSystem.ts';

let cwd = '';
before(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'pushbench-adr-')));
  await writeResult(comparisonResult(), join(cwd, 'bench-results', 'latest'));
  await writeResult(sampleResult(), join(cwd, 'single'));
  const idle = { deliveries: null, latencyUs: null, publish: null };
  const idles = ['sse', 'ws'].map((stage, order) => sampleRun({ ...idle, stage, order }));
  await writeResult(sampleResult({ runs: idles }), join(cwd, 'idle'));
  await writeFile(
    join(cwd, 'mine.config.mjs'),
    `export default {
      cost: { perCoreHour: 1, perGiBHour: 0, perGiBEgress: 0, currency: 'CHF' },
      decision: { migration: { from: 'poll', personDays: { ws: 3 }, ratePerDay: 1000 } },
    };`,
  );
  await writeFile(
    join(cwd, 'bad.config.mjs'),
    `export default { decision: { weights: { latency: -1 }, node: { cores: 0.5 } } };`,
  );
});
after(() => rm(cwd, { recursive: true, force: true }));

async function adr(...argv: string[]) {
  const system = testSystem(['adr', ...argv], { cwd });
  const code = await runCli(system);
  return { code, out: system.out(), err: system.err() };
}

test('the latest comparison becomes a record with its charts, and its path is told', async () => {
  const { code, out, err } = await adr('--to', 'docs/0007.md');
  assert.equal(code, 0, err);
  assert.match(out, /^(Push to|How to push to) .*\n\nRecord: docs\/0007\.md\n$/);
  const text = await readFile(join(cwd, 'docs', '0007.md'), 'utf8');
  assert.match(text, /\*\*example prices\*\*/);
  const bounds = [...text.matchAll(/^ {2}'(.* [<=]+ .*)',$/gm)].map(([, bound]) => bound);
  assert.ok(bounds.length >= 3, text);
  // As they stand in the record, they can be pasted into the config file.
  for (const bound of bounds) assert.equal(parseThreshold(bound).ok, true, bound);
  await access(join(cwd, 'docs', '0007', 'charts', 'adr-cost.svg'));
});

test('prices and effort are those of the config; --json prints what the folder keeps', async () => {
  const { code, out, err } = await adr(
    'bench-results/latest/result.json',
    '--to',
    'own.md',
    '--config',
    'mine.config.mjs',
    '--json',
  );
  assert.equal(code, 0, err);
  const data = JSON.parse(out);
  assert.deepEqual(data, JSON.parse(await readFile(join(cwd, 'own', 'decision.json'), 'utf8')));
  assert.equal(data.prices.currency, 'CHF');
  assert.deepEqual(
    data.changeOver.options.map(({ to, effort }: { to: string; effort: number }) => [to, effort]),
    [['ws:prepared', 3_000]],
  );
});

test('where several protections were measured, one has to be named', async () => {
  const plain = comparisonResult();
  const runs = plain.runs.flatMap((run) => [
    run,
    { ...run, order: run.order + 100, security: { ...run.security, kind: 'tls' as const } },
  ]);
  await writeResult({ ...plain, runs }, join(cwd, 'both'));
  const refused = await adr('both', '--to', 'both.md');
  assert.equal(refused.code, 2);
  assert.match(refused.err, /--security: one that was measured: plain, tls/);
  const { code, out, err } = await adr('both', '--to', 'both.md', '--security', 'tls', '--json');
  assert.equal(code, 0, err);
  const labels = JSON.parse(out).options.map(({ label }: { label: string }) => label);
  assert.equal(labels.length, 5);
  for (const label of labels) assert.match(label, / tls$/);
});

test('a record that is there stays, unless it is to be written over', async () => {
  await writeFile(join(cwd, 'kept.md'), 'signed');
  const refused = await adr('--to', 'kept.md');
  assert.equal(refused.code, 2);
  assert.match(refused.err, /kept\.md: there is a record already[\s\S]*--force/);
  assert.equal(await readFile(join(cwd, 'kept.md'), 'utf8'), 'signed');
  assert.equal((await adr('--to', 'kept.md', '--force')).code, 0);
  assert.match(await readFile(join(cwd, 'kept.md'), 'utf8'), /^---\nstatus: proposed/);
});

for (const [what, argv, pattern] of [
  [
    'one server',
    ['single'],
    /single.*comparison of two servers[\s\S]*under load, sse:shared[\s\S]*--stage all/,
  ],
  ['no load', ['idle'], /it has no server under load/],
  ['no result', ['nowhere'], /nowhere.*cannot be read/],
  [
    'another ending',
    ['--to', 'adr.txt'],
    /--to "adr\.txt": a file that ends in \.md[\s\S]*folder of the same name/,
  ],
  ['an empty name', ['--to', ''], /--to "": a file/],
  ['a bad config', ['--config', 'bad.config.mjs'], /weights\.latency -1[\s\S]*node\.cores 0\.5/],
] as const) {
  test(`${what} is exit code 2, with what to do`, async () => {
    const { code, out, err } = await adr(...argv);
    assert.equal(code, 2, err);
    assert.equal(out, '');
    assert.match(err, pattern);
  });
}
