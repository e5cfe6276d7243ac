import type { RunPlan } from '../plan.ts';

/**
 * Looks before any load whether every bus of a plan is there: those that the user named answer, and what the run
 * starts by itself is installed.
 * @throws BenchError naming the bus and what to do
 */
export async function checkBuses(plans: readonly RunPlan[]): Promise<void> {
  const isChecked = new Set<string>();
  for (const { subject } of plans) {
    const kind = subject.kind === 'reference' ? subject.capabilities.bus : null;
    if (subject.kind !== 'reference' || kind === null || isChecked.has(kind)) continue;
    isChecked.add(kind);
    if (subject.givenBus !== null) {
      // Loaded on demand: only a run with a bus carries its client.
      const { checkBus } = await import('./checkBus.ts');
      await checkBus(kind, subject.givenBus);
    } else if (kind !== 'embedded') {
      const { findRedisServer } = await import('./redisBroker.ts');
      findRedisServer();
    }
  }
}
