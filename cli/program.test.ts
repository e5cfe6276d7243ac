import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../contract/metrics.ts';
import { SCENARIOS } from '../scenarios/registry.ts';
import { knownVariables } from './environment.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS } from './options.ts';
import { runCli } from './program.ts';
import { RUN_OPTIONS } from './runOptions.ts';
import { type TestSystemOptions, testSystem } from './testing/testSystem.ts';

async function bench(argv: readonly string[], options?: TestSystemOptions) {
  const system = testSystem(argv, options);
  const code = await runCli(system);
  return { code, out: system.out(), err: system.err() };
}

test('help of run names every flag of the tables, and what KB means', async () => {
  const { out } = await bench(['run', '--help']);
  const flags = [
    ...Object.values(RUN_OPTIONS).map(({ flag }) => flag),
    ...WORKLOAD_KEYS.map((key) => WORKLOAD_OPTIONS[key].flag).filter((flag) => flag !== null),
  ];
  for (const flag of flags) assert.ok(out.includes(`  ${flag} `), flag);
  assert.match(out, /1KB = 1KiB = 1,024 bytes/);
});

test('help fits the terminal', async () => {
  const { out } = await bench(['run', '--help'], { columns: 100 });
  // The examples are one line each, to be copied as they are.
  const lines = out.split('\nPrecedence')[0].split('\n');
  assert.deepEqual(
    lines.filter((line) => line.length > 100),
    [],
  );
});

test('each option has a variable of its own', () => {
  const variables = knownVariables();
  assert.equal(new Set(variables).size, variables.length);
});

test('without a command it is the help', async () => {
  const { code, out } = await bench([]);
  assert.equal(code, 0);
  assert.match(out, /Commands:/);
});

test('version', async () => {
  const { code, out } = await bench(['--version']);
  assert.equal(code, 0);
  assert.match(out, /^\d+\.\d+\.\d+/);
});

test('list shows stages and scenarios, list metrics every path with its unit', async () => {
  const all = await bench(['list']);
  for (const { name } of SCENARIOS) assert.ok(all.out.includes(`\n${name} `), name);
  assert.match(all.out, /sse:shared +idiomatic, default/);
  const metrics = await bench(['list', 'metrics']);
  assert.equal(metrics.out.trim().split('\n').length, METRICS.length + 1);
});

test('bad usage is exit code 2, on stderr, one screen, and says what to do', async () => {
  for (const [argv, pattern] of [
    [['lits'], /unknown command 'lits'/],
    [['list', 'scenario'], /"scenario": one of .*did you mean "scenarios"/],
    [['run', '--conections', '5'], /--conections: no such flag; did you mean "--connections"/],
    [['run', '--conections=5', '--rate', 'abc', 'stray'], /(?=.*--conections)(?=.*--rate)(?=.*"stray")/s],
    [['run', '--rate'], /--rate <rate>.*missing/],
    [['run', '--config', 'gone.ts'], /gone\.ts: there is no such file/],
    [['serve', '--prot', '5'], /--prot: no such flag; did you mean "--port"/],
    [
      ['serve', '--stage', 'sse:nope', '--port', '70000', '--cors', 'x'],
      /(?=.*"nope")(?=.*70000)(?=.*--cors)/s,
    ],
    [['serve', '--metrics-addr', 'here'], /--metrics-addr "here": host:port/],
  ] as const) {
    const { code, out, err } = await bench(argv);
    assert.equal(code, 2, argv.join(' '));
    assert.equal(out, '');
    assert.match(err, pattern);
    assert.ok(err.split('\n').length < 25, err);
    assert.doesNotMatch(err, /\n {4}at /);
  }
});

test('run --dry-run prints the plan on stdout and starts nothing', async () => {
  const { code, out } = await bench([
    'run',
    '--dry-run',
    '--connections',
    '1k',
    '--rooms',
    '10',
    '--rate',
    '50',
  ]);
  assert.equal(code, 0);
  assert.match(out, /1,000 connections in 10 rooms of 100, 50 publishes\/s = 5,000 deliveries\/s/);
});
