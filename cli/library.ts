import { BenchError, EXIT } from '../contract/errors.ts';
import type * as api from '../contract/publicApi.ts';

// What contract/publicApi.ts declares. The harness is loaded by the first call, so that a config file which only wants
// `defineConfig` does not wait for it.

export { defineConfig } from '../contract/config.ts';
export { defineDriver } from '../contract/customDriver.ts';
export { BenchError, UsageError } from '../contract/errors.ts';

/** What the harness is written for: older ones know neither its syntax nor what it measures with. */
const NEEDED_NODE = 26;

export const run: typeof api.run = async (options = {}) => {
  requireNode(process.versions.node);
  const { runFromLibrary } = await import('./libraryRun.ts');
  return runFromLibrary(options);
};

export const compare: typeof api.compare = async (results) => {
  requireNode(process.versions.node);
  const { compareResults } = await import('./libraryCompare.ts');
  return compareResults(results);
};

export const readResult: typeof api.readResult = async (path) => {
  const { readResult: read } = await import('../reports/resultFile.ts');
  return read(path);
};

export const judgeThresholds: typeof api.judgeThresholds = async (result) => {
  const { judgeThresholds: judge } = await import('../reports/thresholds/judgeThresholds.ts');
  const { thresholdsOf } = await import('../reports/thresholds/thresholdsOf.ts');
  return judge(thresholdsOf(result), result.runs);
};

/** @throws BenchError under a Node that is older than the harness needs */
function requireNode(version: string): void {
  if (Number(version.split('.')[0]) >= NEEDED_NODE) return;
  throw new BenchError(`pushbench needs Node ${NEEDED_NODE} or later; this is Node ${version}.`, {
    exitCode: EXIT.usage,
    hint: 'The right one comes with the package: start your program with `npx node FILE`.',
  });
}
