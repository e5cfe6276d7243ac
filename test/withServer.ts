import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ServerCommand {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Folder that it runs in. @default this process's own */
  readonly cwd?: string;
}

/** Starts a server that takes its port from PORT and prints it, and ends it after use. */
export async function withServer(
  { command: [file, ...args], cwd }: ServerCommand,
  use: (port: number, child: ChildProcess) => Promise<void>,
): Promise<void> {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0' },
    cwd,
  });
  const closed = once(child, 'close');
  try {
    const [line] = await once(child.stdout, 'data');
    await use(Number(String(line)), child);
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}
