import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchSettings } from '../../contract/config.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';

/**
 * Where the commands of a server run.
 * @throws BenchError (usage) where there is no such folder: a shell would say so in words of its own
 */
export function launchFolder({ folder, cwd }: LaunchSettings): string {
  const path = join(folder, cwd);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new BenchError(`config.target.cwd ${JSON.stringify(cwd)}: there is no folder ${path}`, {
    exitCode: EXIT.usage,
    hint: 'It is the folder in the checkout that the commands of config.target run in; leave it out for the checkout itself.',
  });
}
