import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageInfo, VariantInfo } from '../contract/pushServer.ts';
import { STAGES } from '../servers/registry.ts';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

const TARGET = { target: 'http://127.0.0.1:9000' };

test('without anything it is the steady scenario on the default variant', () => {
  const { stages, scenario, runs, target } = resolve({});
  assert.deepEqual(stages, [{ stage: 'sse', variant: 'shared' }]);
  assert.equal(scenario.name, 'steady');
  assert.equal(scenario.connections, 5_000);
  assert.equal(runs, 1);
  assert.equal(target, null);
});

test('precedence: scenario < config workload < config scenario < environment < flag', () => {
  const config = {
    workload: { ratePerSecond: 11, rooms: 12, payloadBytes: 113, probes: 14 },
    scenarios: { mine: { ratePerSecond: 21, rooms: 22, payloadBytes: '123' } },
    scenario: 'mine',
  };
  const env = { BENCH_RATE: '31', BENCH_ROOMS: '32' };
  const { scenario } = resolve({ config, env, flags: { rate: '41' } });
  const { ratePerSecond, rooms, payloadBytes, probes, connections } = scenario;
  assert.deepEqual([ratePerSecond, rooms, payloadBytes, probes, connections], [41, 32, 123, 14, 5_000]);
});

test('an own scenario stands on the built-in one that it extends', () => {
  const config = { scenarios: { storm: { extends: 'c100k', connections: '20k', summary: 'a small storm' } } };
  const { scenario } = resolve({ config, flags: { scenario: 'storm' } });
  assert.equal(scenario.name, 'storm');
  assert.equal(scenario.summary, 'a small storm');
  assert.equal(scenario.connections, 20_000);
  assert.equal(scenario.rooms, 1);
});

test('an empty environment variable is not set', () => {
  assert.equal(resolve({ env: { BENCH_RATE: '' } }).scenario.ratePerSecond, 400);
});

test('all faults of all sources are reported at once', () => {
  const faults = faultsOf({
    config: { workload: { conections: 5, payloadBytes: '1GB' }, colour: 'red', seed: -1 },
    env: { BENCH_RATE: 'fast', BENCH_CONECTIONS: '7' },
    flags: { connections: '0', scenario: 'stedy', stage: ['sse:rav'], runs: '1e9', label: ['nonsense'] },
    faults: [{ key: '--zoom', value: undefined, expected: 'no such flag' }],
  });
  const keys = faults.map((fault) => fault.split(':')[0]).sort();
  assert.deepEqual(keys, [
    '--connections',
    '--label',
    '--runs',
    '--scenario',
    '--stage',
    '--zoom',
    'BENCH_CONECTIONS',
    'BENCH_RATE',
    'config.colour',
    'config.seed',
    'config.workload.conections',
    'config.workload.payloadBytes',
  ]);
});

test('an unknown name comes with what is near', () => {
  hasFault({ flags: { scenario: 'stedy' } }, /--scenario.*did you mean "steady"/);
  hasFault({ flags: { stage: ['ssee'] } }, /--stage.*did you mean "sse"/);
  hasFault({ flags: { stage: ['sse'], variant: ['shard'] } }, /--variant.*did you mean "shared"/);
  hasFault({ env: { BENCH_CONECTIONS: '7' } }, /BENCH_CONECTIONS.*did you mean "BENCH_CONNECTIONS"/);
  hasFault({ config: { workload: { room: 1 } } }, /config.workload.room.*did you mean "rooms"/);
});

test('impossible counts are refused under the name by which they were given', () => {
  for (const value of ['0', '-1', '1e9', 'abc', '10m1', '99999999999']) {
    hasFault({ flags: { connections: value } }, /^--connections/);
    hasFault({ env: { BENCH_CONNECTIONS: value } }, /^BENCH_CONNECTIONS/);
    hasFault({ config: { workload: { connections: value } } }, /^config.workload.connections/);
  }
});

/** Two stages of two variants: what the parsing of stage lists has to cope with later. */
const variant = (name: string, isDefault: boolean): VariantInfo => ({
  ...STAGES[0].variants[0],
  name,
  isDefault,
});
const TWO_STAGES: readonly StageInfo[] = ['sse', 'ws'].map((name) => ({
  ...STAGES[0],
  name,
  variants: [variant('plain', false), variant('shared', true)],
}));

for (const [name, flags, expected] of [
  ['a list', { stage: ['sse,ws'] }, ['sse:shared', 'ws:shared']],
  ['a repeated flag', { stage: ['sse', 'ws:plain'] }, ['sse:shared', 'ws:plain']],
  ['a variant for all', { stage: ['sse,ws'], variant: ['plain'] }, ['sse:plain', 'ws:plain']],
  ['all variants', { stage: ['ws:all'] }, ['ws:plain', 'ws:shared']],
  ['one named twice', { stage: ['ws', 'ws:shared'] }, ['ws:shared']],
] as const) {
  test(`stages: ${name}`, () => {
    const { stages } = resolve({ flags, stages: TWO_STAGES });
    assert.deepEqual(
      stages.map((one) => `${one.stage}:${one.variant}`),
      expected,
    );
  });
}

test('--profile alone is CPU, --no-profile is none', () => {
  const config = { workload: { profile: 'none' } };
  assert.equal(resolve({ config, flags: { profile: true } }).scenario.profile, 'cpu');
  assert.equal(resolve({ flags: { profile: false } }).scenario.profile, 'none');
});

test('--slo-p95 settles the quantile too', () => {
  const { scenario } = resolve({ config: { workload: { sloQuantile: 0.99 } }, flags: { sloP95: '250' } });
  assert.deepEqual([scenario.sloMs, scenario.sloQuantile], [250, 0.95]);
});

test('what a scenario brings is fitted to few connections, what the user gave is refused', () => {
  const { scenario } = resolve({ flags: { connections: '10' } });
  assert.deepEqual([scenario.rooms, scenario.probes, scenario.memoryLevels], [10, 2, 5]);
  hasFault({ flags: { connections: '10', rooms: '11' } }, /^rooms/);
  hasFault({ flags: { connections: '10', probes: '11' } }, /^probes/);
});

test('labels come from config and flags, and a comma inside a value is kept', () => {
  const config = { labels: { team: 'push' } };
  const fromFlags = resolve({ config, flags: { label: ['commit=abc', 'note=a,b'] } });
  assert.deepEqual(fromFlags.labels, { team: 'push', commit: 'abc', note: 'a,b' });
  assert.deepEqual(resolve({ env: { BENCH_LABEL: 'a=1,b=2' } }).labels, { a: '1', b: '2' });
});

test('a target is one stream unless the path or the publish URL has {topic}', () => {
  const plain = resolve({ flags: TARGET });
  assert.deepEqual(plain.stages, [{ stage: 'sse', variant: 'target' }]);
  assert.equal(plain.scenario.rooms, 1);
  assert.equal(plain.scenario.profile, 'none');
  assert.equal(plain.target?.path, '/events');
  assert.equal(plain.target?.publishUrl, null);
  assert.equal(resolve({ flags: { ...TARGET, path: '/e?t={topic}' } }).scenario.rooms, 100);
  const publishUrl = 'http://127.0.0.1:9000/p/{topic}';
  assert.equal(resolve({ flags: { ...TARGET, publishUrl } }).scenario.rooms, 100);
  assert.equal(resolve({ flags: { ...TARGET, publishUrl } }).target?.publishUrl, publishUrl);
  hasFault({ flags: { ...TARGET, rooms: '5' } }, /^rooms.*\{topic\}/);
});

test('target options are read', () => {
  const flags = {
    ...TARGET,
    pid: ['11', '12'],
    header: ['Authorization: Bearer a:b', 'x-y:z'],
    publishDepth: '4',
  };
  const target = resolve({ flags }).target;
  assert.deepEqual(target?.pids, [11, 12]);
  assert.deepEqual(target?.headers, { authorization: 'Bearer a:b', 'x-y': 'z' });
  assert.equal(target?.publishDepth, 4);
});

for (const [name, flags, pattern] of [
  ['no URL', { target: 'localhost:9000' }, /--target: an http/],
  ['a path in it', { target: 'http://127.0.0.1:9000/events' }, /--path/],
  ['a password in it', { target: 'http://a:b@127.0.0.1:9000' }, /--header/],
  ['another machine', { target: 'http://192.0.2.1:9000' }, /--allow-remote/],
  ['an address of gRPC without its name', { target: '127.0.0.1:50051' }, /^--target: .*--protocol grpc/],
  [
    'publishing to another machine',
    { ...TARGET, publishUrl: 'http://192.0.2.1/p' },
    /--publish-url.*--allow-remote/,
  ],
  ['a stage beside it', { ...TARGET, stage: ['sse'] }, /--stage: not together/],
  ['an encoding', { ...TARGET, encoding: 'text' }, /^encoding: not together/],
  ['the article', { ...TARGET, scenario: 'article-sse' }, /^scenario/],
  ['a relative path', { ...TARGET, path: 'events' }, /^--path/],
  ['a damaged header', { ...TARGET, header: ['secret'] }, /^--header: 'name: value'/],
  ['a header with a line break', { ...TARGET, header: ['a: b\r\nc: d'] }, /^--header/],
  ['pid 0', { ...TARGET, pid: ['0'] }, /^--pid/],
  ['options without it', { path: '/x', pid: ['4'] }, /--pid: only together with --target/],
] as const) {
  test(`a target is refused: ${name}`, () => hasFault({ flags }, pattern));
}

test('a header value never stands in a message', () => {
  for (const flags of [{ header: ['hunter2'] }, { ...TARGET, header: ['hunter2'] }]) {
    assert.doesNotMatch(JSON.stringify(faultsOf({ flags })), /hunter2/);
  }
});

test('a remote target is capped: a scenario quietly, a wish by refusal', () => {
  const flags = { target: 'http://192.0.2.1:9000', allowRemote: true };
  const { scenario } = resolve({ flags: { ...flags, scenario: 'unicast' } });
  assert.deepEqual([scenario.ratePerSecond, scenario.connectPerSecond], [1_000, 1_000]);
  hasFault({ flags: { ...flags, rate: '1001' } }, /^ratePerSecond: at most 1000/);
  hasFault({ flags: { ...flags, connectRate: '2k' } }, /^connectPerSecond: at most 1000/);
});

test('several kinds of protection are compared by a scenario of their own, twice', () => {
  const several = resolve({ flags: { stage: ['sse,ws'], security: ['plain,tls'] } });
  assert.deepEqual([several.scenario.name, several.runs], ['security-cost', 2]);
  const one = resolve({ flags: { stage: ['sse,ws'], security: ['tls'] } });
  assert.deepEqual([one.scenario.name, one.runs], ['compare', 3]);
  const named = resolve({ flags: { security: ['plain,tls'], scenario: 'steady', runs: '4' } });
  assert.deepEqual([named.scenario.name, named.runs], ['steady', 4]);
});
