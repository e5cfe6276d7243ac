import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findScenario, SCENARIOS } from '../scenarios/registry.ts';
import { isWorkloadKey, WORKLOAD_OPTIONS } from './options.ts';

test('names are unique and found again', () => {
  const names = SCENARIOS.map((scenario) => scenario.name);
  assert.equal(new Set(names).size, names.length);
  for (const scenario of SCENARIOS) assert.equal(findScenario(scenario.name), scenario);
  assert.equal(findScenario('nothing'), undefined);
});

for (const scenario of SCENARIOS) {
  test(`every number of ${scenario.name} is one that the options accept`, () => {
    for (const [key, value] of Object.entries(scenario)) {
      if (isWorkloadKey(key)) assert.equal(WORKLOAD_OPTIONS[key].parse(value).ok, true, `${key} ${value}`);
    }
  });
}
