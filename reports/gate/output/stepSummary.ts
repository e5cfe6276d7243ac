import { appendFile } from 'node:fs/promises';
import { messageOf } from '../../../contract/errors.ts';

/**
 * Appends Markdown to the summary of a step of GitHub Actions, where `GITHUB_STEP_SUMMARY` names its file; elsewhere does nothing.
 * @returns what to tell the user where the file could not be written, which ends nothing; null: written, or not asked for
 */
export async function appendStepSummary(
  markdown: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const path = env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return null;
  try {
    await appendFile(path, `${markdown}\n`);
    return null;
  } catch (error) {
    return `the summary of this step could not be written to GITHUB_STEP_SUMMARY (${path}): ${messageOf(error)}`;
  }
}
