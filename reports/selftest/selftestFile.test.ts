import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { repeatedRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { SAMPLE_STUDY, sampleSelftest } from '../testing/sampleSelftest.ts';
import { noiseStudy } from './noiseStudy.ts';
import {
  readSelftest,
  SELFTEST_FILE,
  SELFTEST_SCHEMA_PATH,
  selftestSchemaText,
  writeSelftest,
} from './selftestFile.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-selftest-file-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('the published schema is the one of the types', async () => {
  assert.equal(await readFile(SELFTEST_SCHEMA_PATH, 'utf8'), selftestSchemaText(), 'run: node bin/schema.ts');
});

test('what is written is read again, and valid in the eyes of another validator', async () => {
  const noise = noiseStudy(sampleResult({ runs: repeatedRuns(8, 1_000) }), { ...SAMPLE_STUDY, runs: 8 });
  const result = sampleSelftest(undefined, { noise });
  await writeSelftest(result, folder);
  assert.deepEqual(await readSelftest(folder), result);
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(selftestSchemaText()));
  assert.ok(validate(result), JSON.stringify(validate.errors));
});

test('an outcome of another shape is neither written nor read, and the field is named', async () => {
  const wrong = { ...sampleSelftest(), seed: 1.5 };
  await assert.rejects(writeSelftest(wrong, folder), { message: /not valid: \/seed/, exitCode: 1 });
  await writeFile(join(folder, SELFTEST_FILE), JSON.stringify(wrong));
  await assert.rejects(readSelftest(folder), { message: /is not a selftest .*\/seed/, exitCode: 2 });
  await assert.rejects(readSelftest(join(folder, 'gone')), { message: /gone.*cannot be read/, exitCode: 2 });
});
