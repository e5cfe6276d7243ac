#!/usr/bin/env node
// The launcher: finds the Node that pushbench is pinned to and starts cli/main there.
// Plain JavaScript without dependencies, because it must run on whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_MAJOR = 26;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Inside node_modules Node refuses to strip types, so an installed package runs what `npm run build` made.
function entryFile() {
  const source = join(root, 'cli', 'main.ts');
  const built = join(root, 'dist', 'cli', 'main.js');
  const installed = root.includes(`${sep}node_modules${sep}`);
  return existsSync(source) && !installed ? source : built;
}

// The platform package of Node may be hoisted into any node_modules above this one.
function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = root; ; folder = dirname(folder)) {
    for (const platformPackage of platformPackages()) {
      const file = join(folder, 'node_modules', platformPackage, 'bin', name);
      if (existsSync(file)) return file;
    }
    if (folder === dirname(folder)) return null;
  }
}

function platformPackages() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
}

function startIn(node, entry) {
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal gives Ctrl-C to the child as well; the child takes two in one breath for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    fail(
      `cannot start ${node}: ${error.message}`,
      'Install it again: `npm ci`, or `npm install` where it is a dependency.',
    ),
  );
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (SIGNAL_NUMBERS[signal] || 0) : code;
  });
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function fail(what, hint) {
  process.stderr.write(`bench: ${what}\n\n  ${hint}\n`);
  process.exitCode = 2;
}

function start() {
  const entry = entryFile();
  if (!existsSync(entry)) {
    return fail(`${entry} is not there.`, 'The package is not built: run `npm run build` in its folder.');
  }
  const running = Number(process.versions.node.split('.')[0]);
  if (running >= NEEDED_MAJOR) return import(pathToFileURL(entry).href);
  const node = pinnedNode();
  if (node !== null) return startIn(node, entry);
  return fail(
    `needs Node ${NEEDED_MAJOR} or later; this is Node ${process.versions.node}, and no pinned one is installed beside it.`,
    `Install it with its optional packages (\`npm ci\` or \`npm install\`, without --omit=optional), or start it with Node ${NEEDED_MAJOR}.`,
  );
}

await start();
