// What `import … from 'pushbench'` finds: the library, from its TypeScript in a checkout, which needs no build, and from dist/ in an
// installed package, where Node refuses to strip types. Loaded by `require`, which is synchronous: a module that awaits at its top
// cannot be required by others.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'cli', 'library.ts');
const isCheckout = existsSync(source) && !root.includes(`${sep}node_modules${sep}`);
const library = createRequire(import.meta.url)(isCheckout ? source : join(root, 'dist', 'cli', 'library.js'));

export const {
  BenchError,
  compare,
  defineConfig,
  defineDriver,
  judgeThresholds,
  readResult,
  run,
  UsageError,
} = library;
