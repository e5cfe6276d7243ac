import type { Settings } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';
import { type KnownCeiling, NO_CEILING } from '../ceiling/findCeilings.ts';
import { planRuns, type RunPlan } from '../plan.ts';
import type { RunIo } from '../run.ts';
import { runOne } from '../runOne.ts';
import { readLimits } from '../samplers/limits.ts';
import { targetEndpoint } from '../targetEndpoint.ts';
import { checkStarted } from './checkStarted.ts';
import type { LaunchIo } from './prepareTarget.ts';
import { type StartedTarget, startTarget } from './startTarget.ts';

export type TargetIo = RunIo & LaunchIo;

/**
 * The first of the settings' runs against a server that is started for it alone and stopped after it; its folder has been prepared.
 * @param order of the run among `of`
 * @throws BenchError (system under test) where the server does not start; Interrupted where it was not up yet
 */
export function runOnTarget(settings: Settings, io: TargetIo, order: number, of: number): Promise<Run> {
  const [plan] = planRuns(settings, readLimits());
  return runPlanOnTarget({ ...plan, run: runNumber(plan, order), order, of }, io, settings);
}

/** What a plan's run is made with beside its server. */
export interface PlannedRun extends Pick<Settings, 'target' | 'cost'> {
  readonly generator?: KnownCeiling;
  /** One client is tried before the load. */
  readonly isChecked?: boolean;
}

/** The same for a plan that was made before its server had a port. */
export async function runPlanOnTarget(
  plan: RunPlan,
  io: TargetIo,
  { target, cost, generator = NO_CEILING, isChecked = false }: PlannedRun,
): Promise<Run> {
  if (target === null) throw new Error('a stage needs no target');
  const started = await startTarget(target, { ...io, prefix: `${io.prefix ?? ''}${runPrefix(plan)}` });
  try {
    if (isChecked) await checkStarted(started, plan.streams, io.signal);
    return await runOne(planOn(plan, started), io, cost, generator, started);
  } finally {
    await started.stop();
  }
}

function planOn(plan: RunPlan, { target }: StartedTarget): RunPlan {
  return { ...plan, subject: { kind: 'target', target, endpoint: targetEndpoint(target.url) } };
}

function runPrefix({ order, of }: RunPlan): string {
  return of === 1 ? '' : `run-${order + 1}-`;
}

/** Nothing of another run is taken for its own; a prime steps far enough. */
function runNumber({ run }: RunPlan, order: number): number {
  return (run + order * 7_919) % 2 ** 24;
}
