// What `npm test` runs: installs what tests need where that is possible, then `node --test` over every *.test.ts.
// A test that needs a service which is not there is skipped by name; BENCH_REQUIRE_SERVICES=1 makes that a failure.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Command that a test looks for, and the Debian package that brings it. */
const SERVICES = [
  { command: 'chromium', debian: 'chromium' },
  { command: 'python3', debian: 'python3' },
  { command: 'redis-server', debian: 'redis-server' },
  { command: 'haproxy', debian: 'haproxy' },
  { command: 'etcd', debian: 'etcd-server' },
  { command: 'prometheus', debian: 'prometheus' },
  { command: 'openssl', debian: 'openssl' },
  { command: 'curl', debian: 'curl' },
];

/** A test that takes longer waits for what never comes: it fails instead of holding everything up. */
const HANGING_MS = 600_000;

function isInstalled(command) {
  const folders = [...(process.env.PATH || '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => existsSync(join(folder, command)));
}

function isDebianRoot() {
  const isRoot = typeof process.getuid === 'function' && process.getuid() === 0;
  if (!isRoot || !existsSync('/etc/os-release') || !isInstalled('apt-get')) return false;
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function installMissing() {
  const packages = SERVICES.filter(({ command }) => !isInstalled(command)).map(({ debian }) => debian);
  if (packages.length === 0 || !isDebianRoot()) return;
  process.stderr.write(`Tests need ${packages.join(', ')}: installing with apt-get.\n`);
  // Run level 1: packages that bring a daemon must not start it.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = { stdio: ['ignore', 2, 2], env };
  // A failure is not fatal here: the tests that need the package say so by name.
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
}

function pinnedNode() {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  return process.platform !== 'win32' && existsSync(pinned) ? pinned : process.execPath;
}

function runTests() {
  const given = process.argv.slice(2);
  const patterns = given.some((word) => !word.startsWith('-'))
    ? given
    : [...given, '{benchmark,bin,cli,contract,reports,runners,scenarios,servers,test}/**/*.test.ts'];
  // One file after the other: suites that count, time out or load the machine need it quiet.
  const args = [
    '--test',
    '--test-concurrency=1',
    '--test-reporter=spec',
    `--test-timeout=${HANGING_MS}`,
    ...patterns,
  ];
  const child = spawn(pinnedNode(), args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code === null ? 1 : code;
  });
}

installMissing();
runTests();
