import assert from 'node:assert/strict';
import type { Settings } from '../../contract/config.ts';
import { UsageError } from '../../contract/errors.ts';
import { STAGES } from '../../servers/registry.ts';
import { resolveSettings, type Sources } from '../resolveSettings.ts';

/** Settles a run from some sources; the others are empty. */
export function resolve(sources: Partial<Sources>): Settings {
  return resolveSettings({
    flags: {},
    env: {},
    config: {},
    stages: STAGES,
    defaultStage: 'sse',
    ...sources,
  });
}

/** `key: expected` of every fault. */
export function faultsOf(sources: Partial<Sources>): string[] {
  try {
    resolve(sources);
  } catch (error) {
    if (error instanceof UsageError) return error.faults.map((fault) => `${fault.key}: ${fault.expected}`);
    throw error;
  }
  return [];
}

export function hasFault(sources: Partial<Sources>, pattern: RegExp): void {
  const faults = faultsOf(sources);
  assert.ok(
    faults.some((fault) => pattern.test(fault)),
    `${pattern} among ${JSON.stringify(faults)}`,
  );
}
