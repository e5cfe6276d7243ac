// What `npm run lint:types` runs: packs the package and holds its `exports` and types against two linters. A tarball may be given.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Exit code of a command that shows what it says; one that could not be started has failed. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`);
  return status === null ? 1 : status;
}

/** Script of a dependency's command, which `npx` would look for on the PATH. */
function scriptOf(name, script) {
  return join(dirname(findPackageJSON(name, import.meta.url)), script);
}

function lint(tarball) {
  const node = process.execPath;
  return (
    run(node, [scriptOf('publint', 'src/cli.js'), tarball, '--strict']) ||
    // The package is of ES modules only: how CommonJS or Node 10 would resolve it is no concern.
    run(node, [scriptOf('@arethetypeswrong/cli', 'dist/index.js'), tarball, '--profile', 'esm-only'])
  );
}

function packAndLint() {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-types-'));
  try {
    const code = run('npm', ['pack', '--pack-destination', folder]);
    return code || lint(join(folder, readdirSync(folder)[0]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [given] = process.argv.slice(2);
process.exitCode = given === undefined ? packAndLint() : lint(resolve(given));
