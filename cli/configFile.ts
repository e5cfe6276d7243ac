import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';

export const DEFAULT_NAMES = ['bench.config.ts', 'bench.config.mts', 'bench.config.js', 'bench.config.mjs'];

export interface ConfigFile {
  /** null where there is none. */
  readonly path: string | null;
  /** What its default export is; not checked yet. */
  readonly content: unknown;
}

/**
 * Loads the named config file, or `bench.config.ts` of the folder if there is one.
 * @throws BenchError where the named file is missing, cannot be loaded or has no default export
 */
export async function loadConfigFile(cwd: string, named: string | null): Promise<ConfigFile> {
  const path = named === null ? defaultFile(cwd) : resolve(cwd, named);
  if (path === null) return { path: null, content: {} };
  if (!existsSync(path)) throw broken(`--config ${path}: there is no such file.`);
  const module = await importFile(path);
  if (module.default === undefined) {
    throw broken(`${path} has no default export.`, 'End it with `export default defineConfig({ … })`.');
  }
  return { path, content: module.default };
}

function defaultFile(cwd: string): string | null {
  const found = DEFAULT_NAMES.map((name) => resolve(cwd, name)).find((path) => existsSync(path));
  return found ?? null;
}

async function importFile(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw broken(`${path} cannot be loaded: ${messageOf(error)}`, hintFor(error), error);
  }
}

const MEND = 'Mend the file, or name another with --config FILE.';

const INSTALL =
  'Run `npm install --save-dev pushbench` beside it (from a checkout: the file that `npm pack` makes), or leave the import out: `export default { … }` is a config as well.';

/** `npm init` writes "type": "commonjs", under which a .ts file may not import; and `bench` may be called from elsewhere. */
function hintFor(error: unknown): string {
  if (/Cannot find package 'pushbench'/.test(messageOf(error))) return INSTALL;
  const isCommonJs = /outside a module|Unexpected token 'export'/.test(messageOf(error));
  return isCommonJs ? 'Name it bench.config.mts, or set "type": "module" in your package.json.' : MEND;
}

function broken(message: string, hint = MEND, cause?: unknown): BenchError {
  return new BenchError(message, { exitCode: EXIT.usage, hint, cause });
}
