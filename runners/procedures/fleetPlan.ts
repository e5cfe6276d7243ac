import type { RunPlan } from '../plan.ts';

/**
 * The same run with another number of connections, all of them bulk: each worker keeps its share, and there are no
 * probes. At most as many as the plan has, or one process would hold more files than it may.
 */
export function withFleetOf(plan: RunPlan, connections: number): RunPlan {
  const bulk = plan.workers.filter(({ role }) => role === 'worker');
  const total = bulk.reduce((sum, { slots }) => sum + slots, 0);
  const bound = (slot: number) => Math.round((slot * connections) / total);
  const streams = plan.scenario.rooms === 0 ? connections : Math.min(plan.streams, connections);
  return {
    ...plan,
    scenario: { ...plan.scenario, connections, probes: 0 },
    streams,
    fanOut: connections / streams,
    workers: bulk.map(({ role, firstSlot, slots }) => ({
      role,
      firstSlot: bound(firstSlot),
      slots: bound(firstSlot + slots) - bound(firstSlot),
    })),
  };
}
