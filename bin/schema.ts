// Writes contract/result.schema.json from the type of a result: run it after a change of contract/result.ts.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultSchemaText, SCHEMA_PATH } from '../reports/resultSchema.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await writeFile(join(root, SCHEMA_PATH), resultSchemaText());
