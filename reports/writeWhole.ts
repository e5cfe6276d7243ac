import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';

/**
 * Writes a file, and its folder where there is none, whole or not at all: a reader never sees half of it.
 * @throws BenchError (usage) where it cannot be written
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    throw new BenchError(`${path}: cannot be written: ${messageOf(error)}`, {
      exitCode: EXIT.usage,
      hint: 'Name a folder that can be written, with room on its disk: --out DIR.',
      cause: error,
    });
  }
}
