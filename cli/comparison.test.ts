import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STAGES } from '../servers/registry.ts';
import { hasFault, resolve } from './testing/resolving.ts';

test('all is every stage with its default variant, compared three times', () => {
  const { stages, scenario, runs } = resolve({ flags: { stage: ['all'] } });
  assert.deepEqual(
    stages.map(({ stage }) => stage),
    STAGES.map(({ name }) => name),
  );
  for (const { stage, variant } of stages) {
    const info = STAGES.find(({ name }) => name === stage)?.variants.find(({ name }) => name === variant);
    assert.equal(info?.isDefault, true);
  }
  assert.equal(scenario.name, 'compare');
  assert.equal(runs, 3);
});

for (const [name, sources, expected] of [
  ['several stages', { flags: { stage: ['poll,sse:raw,ws'] } }, ['compare', 3]],
  ['several variants of one stage', { flags: { stage: ['sse:all'] } }, ['steady', 1]],
  ['several stages of the config', { config: { stages: ['sse', 'ws'] } }, ['compare', 3]],
  ['a scenario that is named', { flags: { stage: ['all'], scenario: 'spike' } }, ['spike', 1]],
  [
    'a scenario that the config names',
    { flags: { stage: ['all'] }, config: { scenario: 'idle' } },
    ['idle', 1],
  ],
  ['a number of runs', { flags: { stage: ['all'], runs: '2' } }, ['compare', 2]],
  ['a number of runs in the config', { flags: { stage: ['all'] }, config: { runs: 5 } }, ['compare', 5]],
  [
    'an own comparison',
    { flags: { scenario: 'mine' }, config: { scenarios: { mine: { extends: 'compare' } } } },
    ['mine', 3],
  ],
] as const) {
  test(`${name}: scenario and runs`, () => {
    const { scenario, runs } = resolve(sources);
    assert.deepEqual([scenario.name, runs], expected);
  });
}

test('a load shape gives window and mean rate', () => {
  const flagged = resolve({ flags: { loadStages: '10s@100,5s@1k' } }).scenario;
  assert.deepEqual([flagged.durationMs, flagged.ratePerSecond], [15_000, 400]);
  const config = { scenarios: { noon: { stages: [{ duration: '1m', rate: '2k' }], durationMs: '1m' } } };
  const own = resolve({ config, flags: { scenario: 'noon' } }).scenario;
  assert.deepEqual([own.durationMs, own.ratePerSecond], [60_000, 2_000]);
  assert.deepEqual(own.stages, [{ durationMs: 60_000, ratePerSecond: 2_000 }]);
});

test('a shape given for this run wins over the window of an own scenario, and an empty one takes a shape away', () => {
  const config = { scenarios: { mine: { durationMs: '9s' } } };
  const { scenario } = resolve({ config, flags: { scenario: 'mine', loadStages: '5s@1' } });
  assert.equal(scenario.durationMs, 5_000);
  const plain = resolve({ flags: { scenario: 'spike', loadStages: '', duration: '3s', rate: '7' } }).scenario;
  assert.deepEqual([plain.durationMs, plain.ratePerSecond], [3_000, 7]);
});

for (const [name, sources, pattern] of [
  [
    'a window',
    { flags: { loadStages: '10s@100', duration: '20s' } },
    /^durationMs: 10000, as the load stages say/,
  ],
  ['a rate', { flags: { scenario: 'spike', rate: '5' } }, /^ratePerSecond: 250, as the load stages say/],
  [
    'a window in the same own scenario',
    {
      flags: { scenario: 'mine' },
      config: { scenarios: { mine: { durationMs: '9s', stages: [{ duration: '5s', rate: 5 }] } } },
    },
    /^durationMs: 5000/,
  ],
] as const) {
  test(`a load shape is refused beside ${name} that says something else`, () => hasFault(sources, pattern));
}
