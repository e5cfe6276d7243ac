import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';

/** Shows a file in the desktop's browser. */
export async function openFile(path: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  const [command, ...args] = openerOf(platform);
  const child = spawn(command, [...args, path], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
    child.unref();
  } catch (error) {
    throw new BenchError(`--open: cannot start ${command}: ${messageOf(error)}`, {
      exitCode: EXIT.internal,
      hint: `Open it by hand: ${path}`,
    });
  }
}

function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
}
