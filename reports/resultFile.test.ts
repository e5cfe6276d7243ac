import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { BenchError } from '../contract/errors.ts';
import { readResult, writeResult } from './resultFile.ts';
import { resultSchemaText, SCHEMA_PATH } from './resultSchema.ts';
import { articleRuns } from './testing/sampleArticle.ts';
import { sampleResult } from './testing/sampleResult.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushbench-result-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function failure(text: string): Promise<BenchError> {
  const path = join(directory, 'result.json');
  await writeFile(path, text);
  try {
    await readResult(path);
  } catch (error) {
    assert.ok(error instanceof BenchError);
    assert.ok(error.message.includes(path));
    return error;
  }
  return assert.fail('the file was read');
}

test('a result that was written is read back, by folder and by file', async () => {
  const result = sampleResult({ runs: articleRuns() });
  const path = await writeResult(result, directory);
  assert.deepEqual(await readResult(directory), result);
  assert.deepEqual(await readResult(path), result);
  assert.deepEqual(await readdir(directory), ['result.json']);
});

test('a result of the wrong shape is never written', async () => {
  const result = sampleResult();
  await assert.rejects(writeResult({ ...result, seed: 0.5 }, directory), /seed/);
  assert.deepEqual(await readdir(directory), []);
});

test('a file that is absent is named', async () => {
  await assert.rejects(readResult(join(directory, 'nowhere')), /nowhere: cannot be read/);
});

test('a file that is not JSON is named', async () => {
  assert.match((await failure('{')).message, /is not JSON/);
});

test('an unknown version is told with the versions that can be read', async () => {
  assert.match(
    (await failure('{"schemaVersion":99}')).message,
    /schemaVersion 99; this version reads 1 to 4/,
  );
  assert.match((await failure('[]')).message, /has no schemaVersion/);
});

test('the wrong field of a result is named', async () => {
  const text = JSON.stringify({ ...sampleResult(), seed: 'x' });
  assert.match((await failure(text)).message, /\/seed: must be integer/);
});

test('the published schema is the one that the type gives', async () => {
  assert.equal(await readFile(SCHEMA_PATH, 'utf8'), resultSchemaText(), 'run: node bin/schema.ts');
});

test('an independent validator accepts our results by the published schema, and refuses others', async () => {
  const schema: unknown = JSON.parse(await readFile(SCHEMA_PATH, 'utf8'));
  assert.ok(typeof schema === 'object' && schema !== null);
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  for (const result of [sampleResult(), sampleResult({ runs: articleRuns() })]) {
    assert.ok(validate(result), JSON.stringify(validate.errors));
  }
  assert.equal(validate({ ...sampleResult(), unknown: 1 }), false);
});

test('a file of version 1 is read as the newest shape, and its faults name its own version', async () => {
  const path = join(directory, 'result.json');
  const result = sampleResult();
  await writeFile(path, JSON.stringify({ ...result, schemaVersion: 1 }));
  assert.deepEqual(await readResult(path), result);
  assert.match((await failure('{"schemaVersion":1,"runs":[]}')).message, /result of schemaVersion 1: /);
});
