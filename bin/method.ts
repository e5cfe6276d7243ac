// Writes the definitions into docs/method.md: run it after a change of reports/definitions.ts.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDefinitions } from '../reports/methodDocument.ts';

const path = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'method.md');
await writeFile(path, withDefinitions(await readFile(path, 'utf8')));
