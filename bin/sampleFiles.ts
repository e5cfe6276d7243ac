import { cp, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeRecord } from '../cli/commands/adr.ts';
import { processSystem } from '../cli/system.ts';
import { readResult } from '../reports/resultFile.ts';
import { writeReport } from '../reports/writeReport.ts';

/** The sample that the README shows: a result with its profiles, and what is made of it. */
export const SAMPLE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'sample');

/** What the sample is made from, besides adr.config.ts. */
const SOURCES = ['result.json', 'profiles'];
/** What is made of it, by its name in the folder; the rest of a report folder is left out. */
const MADE = ['report.html', 'adr.md', 'adr'];

/**
 * Makes the report and the decision record of the sample's result by the code as it is now.
 * @param folder an empty one
 * @param sample folder of the result and its profiles
 * @returns paths of what was made, within the folder
 */
export async function makeSample(folder: string, sample = SAMPLE): Promise<string[]> {
  for (const name of SOURCES) await cp(join(sample, name), join(folder, name), { recursive: true });
  const result = await readResult(folder);
  await writeReport(result, folder);
  const system = { ...processSystem(), cwd: folder, stdout: { write: () => {} } };
  const flags = { to: 'adr.md', config: join(SAMPLE, 'adr.config.ts') };
  // The day of the measurement, so that the same result gives the same record.
  await writeRecord('.', flags, system, new Date(result.createdAt));
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => MADE.includes(path.split('/')[0] ?? ''))
    .sort();
}

/** A profile without the folder that it was measured in. */
export async function readProfile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  return text.replaceAll(
    /file:\/\/\/[^"]*?\/(?=(?:cli|contract|node_modules|reports|runners|scenarios|servers)\/)/g,
    'file:///pushbench/',
  );
}
