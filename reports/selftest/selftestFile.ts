import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';
import { SELFTEST_SCHEMA_VERSION, SelftestResult } from '../../contract/selftest.ts';
import { firstFault } from '../firstFault.ts';
import { writeWhole } from '../writeWhole.ts';

/** Name of the outcome inside its folder. */
export const SELFTEST_FILE = 'selftest.json';

/** Where the published schema stands in the repository. */
export const SELFTEST_SCHEMA_PATH = 'contract/selftest.schema.json';

const validator = Compile(SelftestResult);

/** The JSON schema of the outcome, made from the one definition of its type; JSON Schema 2020-12. */
export function selftestSchemaText(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...SelftestResult };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/**
 * Writes `selftest.json` into a folder.
 * @returns its path
 * @throws BenchError (internal) where it does not have the published shape; (usage) where the folder cannot be written
 */
export async function writeSelftest(result: SelftestResult, directory: string): Promise<string> {
  const path = join(directory, SELFTEST_FILE);
  if (!validator.Check(result)) {
    throw new BenchError(
      `${path}: the outcome to be written is not valid: ${firstFault(validator, result)}`,
      {
        exitCode: EXIT.internal,
        hint: 'This is a defect of pushbench: please report it with the command that was run.',
      },
    );
  }
  await writeWhole(path, `${JSON.stringify(result, null, 1)}\n`);
  return path;
}

/**
 * Reads the `selftest.json` of a folder.
 * @throws BenchError (usage) naming the file and the field where it is absent, not JSON, or of another shape
 */
export async function readSelftest(directory: string): Promise<SelftestResult> {
  const path = join(directory, SELFTEST_FILE);
  const data = await readJson(path);
  if (validator.Check(data)) return data;
  throw new BenchError(
    `${path}: is not a selftest of schemaVersion ${SELFTEST_SCHEMA_VERSION}: ${firstFault(validator, data)}`,
    { exitCode: EXIT.usage, hint: `Its shape is in ${SELFTEST_SCHEMA_PATH}; run \`bench selftest\` again.` },
  );
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new BenchError(`${path}: cannot be read: ${messageOf(error)}`, {
      exitCode: EXIT.usage,
      hint: 'Name a folder that `bench selftest` wrote.',
      cause: error,
    });
  }
}
