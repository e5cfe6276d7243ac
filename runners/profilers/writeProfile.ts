import { writeFile } from 'node:fs/promises';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';

/**
 * Writes a profile as JSON.
 * @throws BenchError naming the path where it cannot be written.
 */
export async function writeProfile(path: string, profile: object): Promise<void> {
  try {
    await writeFile(path, JSON.stringify(profile));
  } catch (cause) {
    throw new BenchError(`The profile could not be written to ${path}: ${messageOf(cause)}`, {
      exitCode: EXIT.internal,
      hint: 'Choose a folder that can be written, with free space: --out DIR.',
      cause,
    });
  }
}
