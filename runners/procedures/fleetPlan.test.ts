import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Settings } from '../../contract/config.ts';
import { DEFAULT_ACCESS } from '../../contract/config.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { planRuns, type RunPlan } from '../plan.ts';
import { withFleetOf } from './fleetPlan.ts';

const LIMITS = {
  openFiles: { soft: 20_000, hard: 20_000 },
  somaxconn: 4_096,
  ephemeralPorts: [32_768, 60_999],
  memAvailableBytes: 20e9,
  memTotalBytes: 24e9,
  cores: 2,
  tcpMemPages: null,
} as const;

function planOf(connections: number, rooms: number): RunPlan {
  const scenario = findScenario('steady');
  assert.ok(scenario);
  const settings: Settings = {
    stages: [{ stage: 'sse', variant: 'raw' }],
    scenario: { ...scenario, connections, rooms },
    target: null,
    runs: 1,
    seed: 1,
    labels: {},
    cost: null,
    buses: {},
    sweep: null,
    ...DEFAULT_ACCESS,
  };
  const [plan] = planRuns(settings, { ...LIMITS, ephemeralPorts: [...LIMITS.ephemeralPorts] });
  return plan;
}

for (const [all, rooms, wanted] of [
  [1_000, 100, 1_000],
  [10_000, 1, 2_500],
  [50_000, 0, 7_501],
  [500, 10, 1],
] as const) {
  test(`${wanted} of ${all} connections in ${rooms} rooms: every slot has one worker, and none is a probe`, () => {
    const plan = withFleetOf(planOf(all, rooms), wanted);
    assert.equal(plan.scenario.connections, wanted);
    assert.equal(plan.scenario.probes, 0);
    let next = 0;
    for (const { role, firstSlot, slots } of plan.workers) {
      assert.equal(role, 'worker');
      assert.equal(firstSlot, next);
      next += slots;
    }
    assert.equal(next, wanted);
    assert.equal(plan.streams, rooms === 0 ? wanted : Math.min(rooms, wanted));
    assert.equal(plan.fanOut * plan.streams, wanted);
  });
}
