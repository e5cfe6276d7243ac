// What `npm run build` runs: compiles the TypeScript to dist/ for the published package. A checkout needs no build.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

function compile(project) {
  const args = [join(typescript, 'bin', 'tsc'), '-p', join(root, project)];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status;
}

/** The compiler carries over what it compiles; definitions of services are read at run time, from beside their readers. */
function copyProtos() {
  for (const path of readdirSync(join(root, 'servers'), { recursive: true })) {
    if (path.endsWith('.proto')) cpSync(join(root, 'servers', path), join(root, 'dist', 'servers', path));
  }
  return 0;
}

// A file that was renamed or removed must not live on in the package.
rmSync(join(root, 'dist'), { recursive: true, force: true });
process.exitCode = compile('tsconfig.build.json') || compile('tsconfig.types.json') || copyProtos();
