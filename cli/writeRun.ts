import { join } from 'node:path';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';

/**
 * Writes result.json and its report into the folder.
 * @returns path of the report
 * @throws BenchError where the disk is full
 */
export async function writeRun(result: RunResult, directory: string): Promise<string> {
  const { writeResult } = await import('../reports/resultFile.ts');
  const { writeReport } = await import('../reports/writeReport.ts');
  try {
    await writeResult(result, directory);
    await writeReport(result, directory);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    throw new BenchError(`${directory}: the disk is full; the result is incomplete.`, {
      exitCode: EXIT.usage,
      hint: `Free some space; where result.json is whole, \`bench report ${directory}\` writes the report again.`,
      cause: error,
    });
  }
  return join(directory, 'report.html');
}
