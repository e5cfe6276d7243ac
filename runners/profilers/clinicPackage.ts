import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Folder of the installed clinic package, beside this package or in the working folder; null: it is an optional peer. */
export function clinicFolder(): string | null {
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    const found = packageJson(from);
    if (found !== undefined) return dirname(found);
  }
  return null;
}

function packageJson(from: string): string | undefined {
  try {
    return findPackageJSON('clinic', from);
  } catch {
    // It throws where nothing of that name is found: that is an answer here.
    return undefined;
  }
}
