// Writes the tables of docs/trust.md from what was measured; what is not given stays as it was.
//   node bin/trust.ts SELFTEST_DIR [AA_DIR] [MUTATIONS.json]
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Compile } from 'typebox/compile';
import { MutationResult } from '../contract/mutations.ts';
import { firstFault } from '../reports/firstFault.ts';
import { readSelftest } from '../reports/selftest/selftestFile.ts';
import { withTrust } from '../reports/selftest/trustDocument.ts';

const mutationValidator = Compile(MutationResult);

async function readMutations(path: string): Promise<MutationResult> {
  const data: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (mutationValidator.Check(data)) return data;
  throw new RangeError(`${path}: is no outcome of npm run mutation: ${firstFault(mutationValidator, data)}`);
}

const given = process.argv.slice(2);
const folders = given.filter((word) => !word.endsWith('.json'));
const [mutations] = given.filter((word) => word.endsWith('.json'));
const [selftest, noise] = folders;
if (selftest === undefined || given.length > 3 || folders.length > 2) {
  process.stderr.write('node bin/trust.ts SELFTEST_DIR [AA_DIR] [MUTATIONS.json]\n');
  process.exit(2);
}
const path = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'trust.md');
const sources = {
  selftest: await readSelftest(selftest),
  noise: noise === undefined ? null : await readSelftest(noise),
  mutations: mutations === undefined ? null : await readMutations(mutations),
};
await writeFile(path, withTrust(await readFile(path, 'utf8'), sources));
