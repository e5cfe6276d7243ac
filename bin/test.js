// What `npm test` runs: installs what tests need where that is possible, then `node --test` over every *.test.ts, in three passes.
// A test that needs a service which is not there is skipped by name; BENCH_REQUIRE_SERVICES=1 makes that a failure.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
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

/** Names that `node --test` gives two of its counts. */
const TOLD = { passed: 'pass', failed: 'fail' };
const TALLY = join(root, 'bin', 'testTally.js');

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

/** Functions, pages and small servers: as many files at once as there are cores. */
const SMALL = ['cli', 'contract', 'reports', 'scenarios', 'servers'];
/** Suites that count, time out or load the machine: one file after the other, since they need it quiet. */
const LARGE = ['benchmark', 'bin', 'runners', 'test'];
/**
 * Of a suite that does not mind a busy machine, since it waits for most of its time: what whole runs are judged by there, or
 * the comment that says why.
 */
const MINDS_NOTHING = ['assertMeasured(', '// Beside other suites:'];

function testsIn(folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name))
      .sort(),
  );
}

/** Each with the number of files that run at the same time. */
function passes() {
  const mindsNothing = (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return MINDS_NOTHING.some((mark) => text.includes(mark));
  };
  const large = testsIn(LARGE);
  return [
    { atOnce: availableParallelism(), files: testsIn(SMALL) },
    { atOnce: availableParallelism(), files: large.filter(mindsNothing) },
    { atOnce: 1, files: large.filter((file) => !mindsNothing(file)) },
  ];
}

/** Half of the time of a small file goes into reading the same modules: they are compiled once for all files. */
const COMPILED = join(root, 'node_modules', '.cache', 'pushbench-test');

let ended = false;

/** Runs `node --test` with these arguments; the exit code. */
function nodeTest(args) {
  const always = ['--test', `--test-timeout=${HANGING_MS}`];
  // A test is not the place to measure this host for later runs; tests of that measurement ask for it themselves.
  const env = { NODE_COMPILE_CACHE: COMPILED, BENCH_CALIBRATE: 'never', ...process.env };
  const child = spawn(pinnedNode(), [...always, ...args], { cwd: root, stdio: 'inherit', env });
  const end = (signal) => {
    ended = true;
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end);
      resolve(code === null ? 1 : code);
    });
  });
}

/** One pass after the other, then what came of all as one run of the tests would have told it. */
async function runAll(flags) {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-tests-'));
  const startMs = performance.now();
  const codes = [];
  try {
    for (const { atOnce, files } of passes()) {
      const tally = join(folder, `${codes.length}`);
      const reporters = [
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...[`--test-reporter=${TALLY}`, `--test-reporter-destination=${tally}`],
      ];
      codes.push(await nodeTest([`--test-concurrency=${atOnce}`, ...reporters, ...flags, ...files]));
      if (ended) return codes;
    }
    tell(entriesOf(folder), performance.now() - startMs);
    return codes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function entriesOf(folder) {
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
}

function tell(entries, durationMs) {
  const failed = entries.flatMap((entry) => entry.failed || []);
  const counts = entries.flatMap((entry) => entry.counts || []);
  const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
  const lines = [
    ...['', 'All passes:'],
    ...failed.map((where) => `✖ ${where}`),
    ...['tests', 'suites', 'passed', 'failed', 'cancelled', 'skipped', 'todo'].map(
      (key) => `ℹ ${TOLD[key] || key} ${sum(key)}`,
    ),
    `ℹ duration_ms ${durationMs.toFixed(0)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function runTests() {
  const given = process.argv.slice(2);
  if (!given.some((word) => !word.startsWith('-'))) return runAll(given);
  return nodeTest(['--test-concurrency=1', '--test-reporter=spec', ...given]).then((code) => [code]);
}

installMissing();
const codes = await runTests();
process.exitCode = codes.find((code) => code !== 0) || 0;
