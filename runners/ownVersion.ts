import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** Version of this package, wherever its code was compiled to. */
export function ownVersion(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error('package.json is not above the program');
  const { version }: { version?: unknown } = JSON.parse(readFileSync(path, 'utf8'));
  return String(version);
}
