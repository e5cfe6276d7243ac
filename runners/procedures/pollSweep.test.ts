import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Settings } from '../../contract/config.ts';
import { DEFAULT_ACCESS } from '../../contract/config.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { planRuns } from '../plan.ts';
import { exponentOf, stepPlan } from './pollSweep.ts';

const sweepOf = (cores: (pollsPerSecond: number) => number, idle: number) =>
  [0, 250, 500, 1_000, 2_000, 4_000].map((pollsPerSecond) => ({
    pollsPerSecond,
    cpuCores: idle + (pollsPerSecond === 0 ? 0 : cores(pollsPerSecond)),
    p99RoundTripUs: null,
  }));

test('a constant cost per poll has the exponent 1, whatever the server uses with nobody asking', () => {
  for (const idle of [0, 0.01, 0.5]) {
    const found = exponentOf(sweepOf((rate) => rate * 80e-6, idle));
    assert.ok(found);
    assert.ok(Math.abs(found.value - 1) < 1e-9, `${found.value} at idle ${idle}`);
    assert.equal(found.claim, 2);
  }
});

test('the claimed square would be found', () => {
  const found = exponentOf(sweepOf((rate) => rate ** 2 * 1e-8, 0.01));
  assert.ok(found && Math.abs(found.value - 2) < 1e-9);
});

test('rates whose CPU could not be read, and servers that carried fewer than three, have no exponent', () => {
  const sweep = sweepOf((rate) => rate * 80e-6, 0);
  assert.equal(exponentOf(sweep.map((row) => ({ ...row, cpuCores: null }))), null);
  assert.equal(exponentOf(sweep.slice(0, 3)), null);
  assert.equal(exponentOf([]), null);
});

test('the clients of the sweep poll without back-off, so that all the polls that its rate says are due', () => {
  const scenario = findScenario('article-poll');
  assert.ok(scenario);
  const settings: Settings = {
    stages: [{ stage: 'poll', variant: 'short' }],
    scenario: { ...scenario, pollBackoff: 2 },
    target: null,
    runs: 1,
    seed: 1,
    labels: {},
    cost: null,
    buses: {},
    sweep: null,
    ...DEFAULT_ACCESS,
  };
  const [plan] = planRuns(settings, {
    openFiles: { soft: 20_000, hard: 20_000 },
    somaxconn: 4_096,
    ephemeralPorts: [32_768, 60_999],
    memAvailableBytes: 20e9,
    memTotalBytes: 24e9,
    cores: 2,
    tcpMemPages: null,
  });
  assert.equal(plan.polling?.backoff, 2);
  const step = stepPlan(plan, 250);
  assert.equal(step.polling?.backoff, 1);
  assert.equal(step.polling.intervalMs, 250);
});
