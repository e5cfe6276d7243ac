import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CustomDriver } from '../../../contract/customDriver.ts';
import { messageOf, UsageError } from '../../../contract/errors.ts';

const HINT = 'docs/adapters/README.md has an example, and says what each member does.';

/**
 * Imports the module of a driver of the user's own. Whatever it does when it is loaded, it does in this process.
 * @param path absolute
 * @throws UsageError where there is no such file, it cannot be loaded, or what it exports is no driver
 */
export async function loadCustomDriver(path: string): Promise<CustomDriver> {
  if (!existsSync(path)) throw broken(path, 'the module of a driver; there is no such file');
  const { default: driver } = await importModule(path);
  if (driver === undefined)
    throw broken(path, 'a default export: `export default defineDriver({ connect })`');
  if (!isDriver(driver)) throw broken(path, 'a function `connect` in its default export');
  if (driver.publisher !== undefined && typeof driver.publisher !== 'function') {
    throw broken(path, 'a function, or nothing, as `publisher` in its default export');
  }
  return driver;
}

async function importModule(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw broken(path, `a module that can be loaded: ${messageOf(error)}`, hintFor(error));
  }
}

/** `npm init` writes "type": "commonjs", under which a .ts file may not import. */
function hintFor(error: unknown): string {
  const isCommonJs = /outside a module|Unexpected token 'export'/.test(messageOf(error));
  return isCommonJs ? 'Name it .mts or .mjs, or set "type": "module" in your package.json.' : HINT;
}

function isDriver(value: unknown): value is CustomDriver {
  return (
    typeof value === 'object' && value !== null && 'connect' in value && typeof value.connect === 'function'
  );
}

function broken(path: string, expected: string, hint = HINT): UsageError {
  return new UsageError([{ key: '--driver', value: path, expected }], hint);
}
