import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { BenchError, EXIT } from '../../../contract/errors.ts';
import { GateResult } from '../../../contract/gate.ts';
import { firstFault } from '../../firstFault.ts';
import { writeWhole } from '../../writeWhole.ts';

/** Name of the outcome inside its folder. */
export const GATE_FILE = 'gate.json';

/** Where the published schema stands in the repository. */
export const GATE_SCHEMA_PATH = 'contract/gate.schema.json';

const validator = Compile(GateResult);

/** The JSON schema of the outcome, made from the one definition of its type; JSON Schema 2020-12. */
export function gateSchemaText(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...GateResult };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/**
 * Writes `gate.json` into a folder, whole or not at all.
 * @returns its path
 * @throws BenchError (internal) where it does not have the published shape; (usage) where the folder cannot be written
 */
export async function writeGateFile(gate: GateResult, directory: string): Promise<string> {
  const path = join(directory, GATE_FILE);
  if (!validator.Check(gate)) {
    throw new BenchError(`${path}: the gate to be written is not valid: ${firstFault(validator, gate)}`, {
      exitCode: EXIT.internal,
      hint: 'This is a defect of pushbench: please report it with the command that was run.',
    });
  }
  await writeWhole(path, `${JSON.stringify(gate, null, 1)}\n`);
  return path;
}
