import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf, UsageError } from '../../contract/errors.ts';
import { DEFAULT_NAMES } from '../configFile.ts';

/** Where a config file goes, and what it may import. */
export interface ConfigPlace {
  readonly name: string;
  readonly path: string;
  /** A file is there, and is written over. */
  readonly isReplaced: boolean;
  /** `import … from 'pushbench'` finds it from there. */
  readonly findsPackage: boolean;
}

/**
 * Which file to write: the one that is there, or a new one of a name under which Node takes it for a module without a word.
 * @param force whether a file that is there may be written over
 * @throws UsageError where one is there and may not
 */
export function configFileFor(folder: string, force: boolean): ConfigPlace {
  const there = DEFAULT_NAMES.find((name) => existsSync(join(folder, name)));
  if (there !== undefined && !force) {
    const expected = 'is there already; --force writes over it';
    throw new UsageError([{ key: there, value: undefined, expected }], 'Nothing was written.');
  }
  const name = there ?? (isModule(folder) ? 'bench.config.ts' : 'bench.config.mts');
  const path = join(folder, name);
  return { name, path, isReplaced: there !== undefined, findsPackage: findsPackage(path) };
}

/** What the nearest package.json makes of a .ts file; where there is none, Node looks at the file itself. */
function isModule(folder: string): boolean {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return typeOf(path) === 'module';
  const parent = dirname(folder);
  return parent === folder || isModule(parent);
}

function typeOf(path: string): unknown {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? parsed.type : undefined;
  } catch (error) {
    throw new UsageError(
      [{ key: path, value: undefined, expected: `a file of JSON: ${messageOf(error)}` }],
      'Node reads it before it loads a config file: mend it first.',
    );
  }
}

function findsPackage(path: string): boolean {
  try {
    createRequire(path).resolve('pushbench');
    return true;
  } catch {
    // Called by npx, which keeps it elsewhere.
    return false;
  }
}
