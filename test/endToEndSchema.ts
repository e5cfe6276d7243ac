import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ROOT } from './endToEndBench.ts';

/** The result of a folder is valid by the published schema, in the eyes of an independent validator. */
export async function assertValidResult(folder: string): Promise<void> {
  const schema: unknown = JSON.parse(await readFile(join(ROOT, 'contract', 'result.schema.json'), 'utf8'));
  assert.ok(typeof schema === 'object' && schema !== null);
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const result: unknown = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'));
  assert.ok(validate(result), JSON.stringify(validate.errors, null, 1));
}
