import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSweep } from './sweep.ts';
import { hasFault, resolve } from './testing/resolving.ts';

for (const [text, key, values] of [
  ['rate=1k..100k', 'ratePerSecond', [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]],
  ['rate=0.1..1', 'ratePerSecond', [0.1, 0.2, 0.5, 1]],
  ['rate=300..7k', 'ratePerSecond', [300, 500, 1_000, 2_000, 5_000, 7_000]],
  ['rate=0.003..0.03', 'ratePerSecond', [0.003, 0.005, 0.01, 0.02, 0.03]],
  ['connections=1k,10k,100k', 'connections', [1_000, 10_000, 100_000]],
  ['connections=10k,1k,10k', 'connections', [1_000, 10_000]],
  ['flow=1024..8192', 'flowMessages', [1_024, 2_048, 4_096, 8_192]],
  ['flow=1000..5k', 'flowMessages', [1_000, 2_000, 4_000, 5_000]],
  ['slow=0,0.05', 'slowShare', [0, 0.05]],
  ['slow=0.01..0.1', 'slowShare', [0.01, 0.02, 0.05, 0.1]],
  ['streams=1,100', 'streamsPerConnection', [1, 100]],
  ['connections=100..1k, 700', 'connections', [100, 200, 500, 700, 1_000]],
] as const) {
  test(`--sweep ${text}`, () => {
    assert.deepEqual(parseSweep(text), { ok: true, value: { key, values } });
  });
}

for (const [text, pattern] of [
  ['', /rate=1k\.\.100k, connections/],
  ['rooms=1,2', /rate=1k\.\.100k, connections/],
  ['rate', /rate=1k\.\.100k, connections/],
  ['rate=1=2', /rate=1k\.\.100k, connections/],
  ['slow=0..0.1', /a list where a value is 0/],
  ['slow=0.1,2', /each value/],
  ['flow=0,1024', /each value/],
  ['streams=0,100', /each value/],
  ['rate=fast', /each value a rate per second/],
  ['connections=0..5', /each value a whole number from 1/],
  ['rate=0,5', /values above 0/],
  ['rate=5', /two values at least/],
  ['rate=5..5', /from a lower to a higher/],
  ['rate=9..5', /from a lower to a higher/],
  ['rate=1..2..3', /from a lower to a higher/],
  ['rate=0.001..1m', /at most 20 values; these are 28/],
] as const) {
  test(`--sweep "${text}" is refused`, () => {
    const parsed = parseSweep(text);
    assert.match(parsed.ok ? '' : parsed.expected, pattern);
  });
}

test('a sweep takes the steady scenario, whatever the number of stages', () => {
  const { scenario, sweep, runs } = resolve({ flags: { stage: ['all'], sweep: 'rate=1..10' } });
  assert.equal(scenario.name, 'steady');
  assert.equal(runs, 1);
  assert.deepEqual(sweep?.values, [1, 2, 5, 10]);
});

for (const [name, flags, pattern] of [
  [
    'the number itself beside it',
    { sweep: 'rate=1..10', rate: '5' },
    /^ratePerSecond: not together with --sweep/,
  ],
  [
    'a scenario that searches its rate',
    { sweep: 'rate=1..10', scenario: 'ceiling' },
    /^--sweep: another scenario/,
  ],
  [
    'a scenario that publishes nothing',
    { sweep: 'rate=1..10', scenario: 'idle' },
    /^--sweep: another scenario/,
  ],
  ['an article', { sweep: 'connections=1..10', scenario: 'article-sse' }, /^--sweep: another scenario/],
  [
    'a load shape',
    { sweep: 'rate=1..10', scenario: 'spike' },
    /^--sweep: connections=…, or another scenario/,
  ],
  [
    'rates beyond the cap of another machine',
    { sweep: 'rate=1..10k', target: 'http://192.0.2.1:9000', allowRemote: true },
    /^--sweep: rates of at most 1000/,
  ],
] as const) {
  test(`a sweep is refused with ${name}`, () => hasFault({ flags }, pattern));
}

test('connections are swept where no rate is asked for', () => {
  const flags = { sweep: 'connections=100..1k', scenario: 'idle' };
  assert.equal(resolve({ flags }).sweep?.key, 'connections');
});

test('a scenario brings a sweep of its own, which a flag replaces and a given number takes away', () => {
  const slowConsumer = { stage: ['ws'], scenario: 'slow-consumer' };
  assert.deepEqual(resolve({ flags: slowConsumer }).sweep, { key: 'slowShare', values: [0, 0.05] });
  const swept = resolve({ flags: { ...slowConsumer, sweep: 'flow=1024,2048' } });
  assert.deepEqual(swept.sweep, { key: 'flowMessages', values: [1_024, 2_048] });
  assert.equal(swept.scenario.slowShare, 0.05);
  assert.equal(resolve({ flags: { ...slowConsumer, slow: '0.1' } }).sweep, null);
});

for (const [name, flags] of [
  ['slow readers of a stage that is polled', { stage: ['poll'], sweep: 'slow=0,0.1' }],
  ['streams of a stage that shares no connections', { stage: ['ws'], sweep: 'streams=1,100' }],
] as const) {
  test(`a sweep is refused that the stage has no use for: ${name}`, () =>
    hasFault({ flags: { ...flags } }, /^--sweep: only together with a stage/));
}
