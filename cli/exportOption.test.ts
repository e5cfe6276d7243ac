import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Fault } from '../contract/errors.ts';
import { writeResult } from '../reports/resultFile.ts';
import { sampleResult } from '../reports/testing/sampleResult.ts';
import { readExport } from './exportOption.ts';
import { runCli } from './program.ts';
import { testSystem } from './testing/testSystem.ts';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'pushbench-export-'));
  for (const name of ['monday', 'tuesday']) await writeResult(sampleResult(), join(cwd, name));
});
after(() => rm(cwd, { recursive: true, force: true }));

for (const [value, file] of [
  ['prometheus-textfile', null],
  ['prometheus-textfile=/var/a=b.prom', '/var/a=b.prom'],
  ['prometheus-textfile=sub/b.prom', '/here/sub/b.prom'],
] as const) {
  test(`${value} is taken`, () => {
    const faults: Fault[] = [];
    assert.deepEqual(readExport({ flags: { export: value }, env: {} }, '/here', faults), { file });
    assert.deepEqual(faults, []);
  });
}

for (const [value, expected] of [
  ['prometheus', /^prometheus-textfile, or prometheus-textfile=FILE$/],
  ['prometheus-textfile=', /=FILE$/],
  ['prometheus-textfile=out.txt', /ends in \.prom/],
] as const) {
  test(`${value} is refused`, () => {
    const faults: Fault[] = [];
    assert.equal(readExport({ flags: { export: value }, env: {} }, '/here', faults), null);
    assert.match(faults[0].expected, expected);
  });
}

async function report(...argv: string[]) {
  const system = testSystem(['report', ...argv], { cwd });
  return { code: await runCli(system), err: system.err() };
}

test('stored results are exported, each into its own folder or one into a file', async () => {
  assert.equal((await report('monday', 'tuesday', '--export', 'prometheus-textfile')).code, 0);
  const text = await readFile(join(cwd, 'tuesday', 'metrics.prom'), 'utf8');
  assert.match(text, /^# TYPE pushbench_deliveries_lost gauge\npushbench_deliveries_lost\{.*\} 0$/m);
  assert.equal((await report('monday', '--export', 'prometheus-textfile=one.prom')).code, 0);
  assert.equal(await readFile(join(cwd, 'one.prom'), 'utf8'), text);
  const { code, err } = await report('monday', 'tuesday', '--export', 'prometheus-textfile=one.prom');
  assert.equal(code, 2);
  assert.match(err, /each goes into its own folder/);
});

test('a format that is none is told before a run, with the other faults', async () => {
  const system = testSystem(['run', '--export', 'csv', '--rate', 'fast'], { cwd });
  assert.equal(await runCli(system), 2);
  assert.match(system.err(), /(?=.*--export "csv")(?=.*--rate "fast")/s);
});
