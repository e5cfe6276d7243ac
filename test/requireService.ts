import { delimiter } from 'node:path';
import { findProgram } from '../runners/findProgram.ts';

/** A program outside the project that some tests need, and the commands that may stand for it. */
const COMMANDS = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  python3: ['python3'],
  'redis-server': ['redis-server'],
  haproxy: ['haproxy'],
  etcd: ['etcd'],
  prometheus: ['prometheus'],
  promtool: ['promtool'],
  openssl: ['openssl'],
  curl: ['curl'],
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
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin'].join(delimiter);
  const path = COMMANDS[service]
    .map((command) => findProgram(command, folders))
    .find((found) => found !== null);
  if (path) return { path, skip: false };
  const reason = `${service} is not installed`;
  if (env.BENCH_REQUIRE_SERVICES === '1') throw new Error(`${reason}, and BENCH_REQUIRE_SERVICES is 1`);
  return { path: null, skip: reason };
}
