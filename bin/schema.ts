// Writes the JSON schemas from the types of what they describe: run it after a change of contract/result*.ts, contract/selftest.ts or contract/gate.ts.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GATE_SCHEMA_PATH, gateSchemaText } from '../reports/gate/output/gateFile.ts';
import { resultSchemaText, SCHEMA_PATH } from '../reports/resultSchema.ts';
import { SELFTEST_SCHEMA_PATH, selftestSchemaText } from '../reports/selftest/selftestFile.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await writeFile(join(root, SCHEMA_PATH), resultSchemaText());
await writeFile(join(root, SELFTEST_SCHEMA_PATH), selftestSchemaText());
await writeFile(join(root, GATE_SCHEMA_PATH), gateSchemaText());
