import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import { RunResult, SCHEMA_VERSION } from '../contract/result.ts';
import { firstFault } from './firstFault.ts';
import { liftVersion1 } from './resultVersion1.ts';
import { liftVersion2 } from './resultVersion2.ts';
import { liftVersion3 } from './resultVersion3.ts';
import { writeWhole } from './writeWhole.ts';

/** Name of the result inside its folder. */
export const RESULT_FILE = 'result.json';

const validator = Compile(RunResult);

/** Lifts an older shape by one version; unchecked in and out: the newest shape is checked once, at the end. */
type Lift = (data: unknown) => unknown;

/** By the version that is lifted. A new version adds a line here, so that results stay readable for ever. */
const LIFTS: ReadonlyMap<number, Lift> = new Map([
  [1, liftVersion1],
  [2, liftVersion2],
  [3, liftVersion3],
]);

/**
 * Reads a result.json, or the one in a result folder.
 * @throws BenchError (usage) naming the file and the field where it is absent, not JSON, of an unknown version or of the wrong shape.
 */
export async function readResult(pathOrDirectory: string): Promise<RunResult> {
  const path = await resultPath(pathOrDirectory);
  const data = parse(await readText(path), path);
  const version = schemaVersionOf(data);
  if (!isKnown(version)) throw unknownVersion(path, version);
  return checked(lifted(data, version), version, path);
}

function isKnown(version: unknown): version is number {
  return typeof version === 'number' && (version === SCHEMA_VERSION || LIFTS.has(version));
}

function lifted(data: unknown, version: number): unknown {
  const lift = LIFTS.get(version);
  return lift ? lifted(lift(data), version + 1) : data;
}

/**
 * Writes `result.json` into a folder, whole or not at all: a reader never sees half a file.
 * @throws BenchError (internal) where the result does not have the published shape; (usage) where the folder cannot be written.
 */
export async function writeResult(result: RunResult, directory: string): Promise<string> {
  const path = join(directory, RESULT_FILE);
  if (!validator.Check(result)) {
    throw new BenchError(`${path}: the result to be written is not valid: ${firstFault(validator, result)}`, {
      exitCode: EXIT.internal,
      hint: 'This is a defect of pushbench: please report it with the command that was run.',
    });
  }
  await writeWhole(path, `${JSON.stringify(result, null, 1)}\n`);
  return path;
}

async function resultPath(pathOrDirectory: string): Promise<string> {
  try {
    const entry = await stat(pathOrDirectory);
    return entry.isDirectory() ? join(pathOrDirectory, RESULT_FILE) : pathOrDirectory;
  } catch (error) {
    throw unreadable(pathOrDirectory, error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): BenchError {
  return new BenchError(`${path}: cannot be read: ${messageOf(error)}`, {
    exitCode: EXIT.usage,
    hint: 'Name a folder that `bench run` wrote, or its result.json.',
    cause: error,
  });
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BenchError(`${path}: is not JSON: ${messageOf(error)}`, {
      exitCode: EXIT.usage,
      hint: 'Name a result.json that `bench run` wrote; a run that was killed outright leaves none.',
      cause: error,
    });
  }
}

function schemaVersionOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'schemaVersion' in data
    ? data.schemaVersion
    : undefined;
}

function unknownVersion(path: string, version: unknown): BenchError {
  const seen =
    version === undefined ? 'has no schemaVersion' : `has schemaVersion ${JSON.stringify(version)}`;
  return new BenchError(`${path}: ${seen}; this version reads 1 to ${SCHEMA_VERSION}`, {
    exitCode: EXIT.usage,
    hint: 'Read it with the version of pushbench that wrote it, or a newer one.',
  });
}

function checked(data: unknown, version: number, path: string): RunResult {
  if (validator.Check(data)) return data;
  throw new BenchError(
    `${path}: is not a result of schemaVersion ${version}: ${firstFault(validator, data)}`,
    {
      exitCode: EXIT.usage,
      hint: 'The file was changed or cut short; its shape is in contract/result.schema.json.',
    },
  );
}
