import { RunResult } from '../contract/result.ts';

/** Where the published schema stands in the repository. */
export const SCHEMA_PATH = 'contract/result.schema.json';

/** The JSON schema of a result, made from the one definition of its type; JSON Schema 2020-12. */
export function resultSchemaText(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...RunResult };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
