import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../contract/errors.ts';
import { readConfig } from './readConfig.ts';

for (const [name, content, keys] of [
  ['no object', [1], ['config']],
  ['stages that are no list', { stages: 'sse' }, ['config.stages']],
  ['a workload that is no object', { workload: 5 }, ['config.workload']],
  [
    'an own scenario with the name of a built-in one',
    { scenarios: { steady: {} } },
    ['config.scenarios.steady'],
  ],
  ['a name that is no name', { scenarios: { 'A b': {} } }, ['config.scenarios.A b']],
  [
    'a base that does not exist',
    { scenarios: { mine: { extends: 'idel' } } },
    ['config.scenarios.mine.extends'],
  ],
  ['an unknown key of a scenario', { scenarios: { mine: { rate: 1 } } }, ['config.scenarios.mine.rate']],
  ['a label that is no text', { labels: { a: 1 } }, ['config.labels.a']],
  [
    'half a price list',
    { cost: { perCoreHour: 1, perGiBHour: -1, currency: 'EUR' } },
    ['config.cost.perGiBHour', 'config.cost.perGiBEgress'],
  ],
  [
    'a price list without a currency',
    { cost: { perCoreHour: 1, perGiBHour: 1, perGiBEgress: 1 } },
    ['config.cost.currency'],
  ],
  ['nothing wrong', { cost: { perCoreHour: 1, perGiBHour: 1, perGiBEgress: 1, currency: 'EUR' } }, []],
] as const) {
  test(`config with ${name}`, () => {
    const faults: Fault[] = [];
    readConfig(content, faults);
    assert.deepEqual(
      faults.map((fault) => fault.key),
      keys,
    );
  });
}
