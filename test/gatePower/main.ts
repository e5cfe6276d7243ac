// Prints how often the rule of `bench gate` is right, from a simulation; `--write` puts it into docs/gate.md.
import { readFile, writeFile } from 'node:fs/promises';
import { powerMarkdown, withPower } from './table.ts';

const DOCUMENT = new URL('../../docs/gate.md', import.meta.url);

const options = process.argv.slice(2);
const unknown = options.filter((option) => option !== '--write');
if (unknown.length > 0) {
  process.stderr.write(`${unknown.join(' ')}: unknown; the only option is --write\n`);
  process.exitCode = 2;
} else {
  const power = powerMarkdown();
  process.stdout.write(`${power}\n`);
  if (options.includes('--write')) {
    await writeFile(DOCUMENT, withPower(await readFile(DOCUMENT, 'utf8'), power));
  }
}
