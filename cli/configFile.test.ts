import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadConfigFile } from './configFile.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-config-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('no file is an empty config', async () => {
  assert.deepEqual(await loadConfigFile(folder, null), { path: null, content: {} });
});

test('a named TypeScript file is loaded', async () => {
  await writeFile(join(folder, 'mine.ts'), 'const seed: number = 7;\nexport default { seed };\n');
  assert.deepEqual((await loadConfigFile(folder, 'mine.ts')).content, { seed: 7 });
});

test('a file that is missing, broken or without default export is named', async () => {
  await writeFile(join(folder, 'broken.ts'), 'export default {');
  await writeFile(join(folder, 'empty.ts'), 'export const seed = 7;\n');
  const usage = { exitCode: 2 };
  await assert.rejects(loadConfigFile(folder, 'gone.ts'), { ...usage, message: /gone\.ts.*no such file/ });
  await assert.rejects(loadConfigFile(folder, 'broken.ts'), {
    ...usage,
    message: /broken\.ts cannot be loaded/,
  });
  await assert.rejects(loadConfigFile(folder, 'empty.ts'), { ...usage, message: /no default export/ });
});

test('where pushbench is not installed beside the file it is said how, and that it need not be', async () => {
  await writeFile(
    join(folder, 'typed.mts'),
    "import { defineConfig } from 'pushbench';\nexport default {};\n",
  );
  const hint = /npm install --save-dev pushbench.*leave the import out/;
  await assert.rejects(loadConfigFile(folder, 'typed.mts'), { exitCode: 2, hint });
});

test('bench.config.ts of the folder is taken when none is named', async () => {
  const path = join(folder, 'bench.config.ts');
  await writeFile(path, 'export default { seed: 9 };\n');
  assert.deepEqual(await loadConfigFile(folder, null), { path, content: { seed: 9 } });
  await rm(path);
});

test('in a CommonJS package the message says which name the file needs', async () => {
  const inside = await mkdtemp(join(folder, 'common-'));
  await writeFile(join(inside, 'package.json'), '{"type":"commonjs"}');
  await writeFile(join(inside, 'bench.config.ts'), "import 'node:fs';\nexport default {};\n");
  await assert.rejects(loadConfigFile(inside, null), { exitCode: 2, hint: /bench\.config\.mts/ });
});
