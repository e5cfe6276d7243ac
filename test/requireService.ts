import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program outside the project that some tests need, and the commands that may stand for it. */
const COMMANDS = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  python3: ['python3'],
  'redis-server': ['redis-server'],
  haproxy: ['haproxy'],
} as const;

export type Service = keyof typeof COMMANDS;

/** Spread into the options of a test: `test(name, { skip: service.skip }, …)`. */
export type RequiredService =
  | { readonly path: string; readonly skip: false }
  | { readonly path: null; readonly skip: string };

/**
 * Finds a service on the PATH, or gives the reason by which the test is skipped.
 * @throws Error where it is missing and BENCH_REQUIRE_SERVICES is 1: there a skip would hide a gap
 */
export function requireService(service: Service, env: NodeJS.ProcessEnv = process.env): RequiredService {
  // Debian puts haproxy where only root has it on the PATH.
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const paths = COMMANDS[service].flatMap((command) => folders.map((folder) => join(folder, command)));
  const path = paths.find(isExecutable);
  if (path !== undefined) return { path, skip: false };
  const reason = `${service} is not installed`;
  if (env.BENCH_REQUIRE_SERVICES === '1') throw new Error(`${reason}, and BENCH_REQUIRE_SERVICES is 1`);
  return { path: null, skip: reason };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
