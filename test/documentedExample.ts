import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './endToEndBench.ts';

const PAGE = join(ROOT, 'docs', 'own-server.md');

/**
 * A piece of code of docs/own-server.md.
 * @param heading of its section
 * @param language of its fence; the first such piece of the section is taken
 * @throws Error where the page has none
 */
export async function documentedExample(heading: string, language: string): Promise<string> {
  const sections = (await readFile(PAGE, 'utf8')).split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1];
  if (code === undefined) throw new Error(`docs/own-server.md has no ${language} under "${heading}"`);
  return code;
}
