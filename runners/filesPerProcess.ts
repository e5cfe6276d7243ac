import { BenchError, EXIT } from '../contract/errors.ts';
import type { HostLimits } from './samplers/limits.ts';

/** Files that a process needs beside its connections. */
const RESERVED_FILES = 500;

/**
 * Connections that one process may hold.
 * @throws BenchError where hardly any are left beside what it needs itself
 */
export function filesPerProcess(limits: HostLimits): number {
  const files = limits.openFiles?.soft ?? 1_024;
  if (files > RESERVED_FILES + 100) return files - RESERVED_FILES;
  throw new BenchError(`too few file descriptors: a process may hold ${files} open files`, {
    exitCode: EXIT.usage,
    hint: `Raise the limit to at least ${RESERVED_FILES + 1_000}, e.g. "ulimit -n 20000", and run again.`,
  });
}
