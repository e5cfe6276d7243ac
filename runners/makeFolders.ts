import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * One folder after the other: Node's own recursive mkdir never returns where a file system
 * answers ENOENT for a folder whose parent exists, as /proc does.
 * @returns the folders that were made, outermost first
 */
export async function makeFolders(directory: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = directory; !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) await mkdir(folder);
  return missing;
}
