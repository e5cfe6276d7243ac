import type { Settings, TargetSettings } from '../contract/config.ts';
import { BenchError } from '../contract/errors.ts';
import type { ProgressListener } from '../contract/progress.ts';
import { type Host, type Run, type RunResult, SCHEMA_VERSION } from '../contract/result.ts';
import { measureEncodings } from '../servers/encodingTable.ts';
import { checkBuses } from './broker/checkBuses.ts';
import { findCeilings, type KnownCeiling } from './ceiling/findCeilings.ts';
import { checkDriver } from './checkDriver.ts';
import { checkTarget } from './checkTarget.ts';
import { checkDirectory } from './discovery/checkDirectory.ts';
import { isPublished } from './isPublished.ts';
import { prepareTarget } from './launch/prepareTarget.ts';
import { runPlanOnTarget } from './launch/runOnTarget.ts';
import { ownVersion } from './ownVersion.ts';
import { planRuns, type RunPlan } from './plan.ts';
import { requireProfiler } from './procedures/profilePass.ts';
import { initHistograms } from './recorders/histograms.ts';
import { runOne, runThatFailed } from './runOne.ts';
import { readHostFacts } from './samplers/hostFacts.ts';
import { readLimits } from './samplers/limits.ts';
import { waitForQuietHost } from './samplers/waitSettled.ts';
import { Interrupted } from './session/interrupted.ts';
import { shownSettings } from './shownSettings.ts';
import { judgeAll } from './validity/judge.ts';

export interface RunIo {
  readonly progress: ProgressListener;
  /** Aborts the run: it ends within 5 s and still returns what was measured. */
  readonly signal: AbortSignal;
  /** Result folder; profiles are written into it. */
  readonly directory: string;
  /** The command line as the user gave it, for the result. */
  readonly command: readonly string[];
  /** Where the host is read, but not its processes: another host, for the proof of what is said of it. @default /proc */
  readonly hostRoot?: string;
}

/**
 * Carries out everything that one `bench run` was asked for.
 * @throws BenchError where the plan does not fit the machine, or the target does not start or answer as a stream
 */
export async function run(settings: Settings, io: RunIo): Promise<RunResult> {
  await initHistograms();
  requireProfiler(settings.scenario.profile);
  const plans = planRuns(settings, readLimits());
  if (settings.target !== null) await checkDriver(settings.target, plans.some(isPublished));
  if (!(await lookAtTarget(settings.target, plans[0], io)))
    return resultOf(settings, { command: io.command, host: readHostFacts(), runs: [], isComplete: false });
  await checkBuses(plans);
  await checkDirectory(settings.discovery);
  const host = readHostFacts();
  const { calibrate } = settings;
  const found = await findCeilings(plans, { ...io, calibrate, host });
  if (found.measured > 0) await quietHost(io);
  const runs: Run[] = [];
  for (const [i, plan] of plans.entries()) {
    if (io.signal.aborted) break;
    tellRun(plan, io);
    if (i > 0 && !leavesLittle(plans[i - 1])) await quietHost(io);
    if (io.signal.aborted) break;
    const made = await carryOut(settings, plan, found.of(plan), io);
    if (made !== null) runs.push(made);
    if (made === null || made.status === 'aborted') break;
  }
  const isComplete = runs.length === plans.length && runs.every(({ status }) => status === 'complete');
  return resultOf(settings, { command: io.command, host, runs, isComplete });
}

/** Makes the server that the run starts, or asks one that runs for a stream. @returns false where the user lost patience */
async function lookAtTarget(
  target: TargetSettings | null,
  { streams }: RunPlan,
  io: RunIo,
): Promise<boolean> {
  if (target === null) return true;
  try {
    if (target.launch === null) await checkTarget(target, streams, io.signal);
    else await prepareTarget(target.launch, io);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) return false;
    throw error;
  }
}

/** @returns null where the user lost patience before the server was up */
async function carryOut(
  { target, cost }: Settings,
  plan: RunPlan,
  generator: KnownCeiling,
  io: RunIo,
): Promise<Run | null> {
  if (target === null || target.launch === null) return runOne(plan, io, cost, generator);
  const isFirst = plan.order === 0;
  try {
    return await runPlanOnTarget(plan, io, { target, cost, generator, isChecked: isFirst });
  } catch (error) {
    if (error instanceof Interrupted) return null;
    // What was measured before is not lost for a server that did not start once more.
    if (isFirst || !(error instanceof BenchError)) throw error;
    return runThatFailed(plan, error, cost);
  }
}

/** What a result is made of beside the settings. */
export interface Measured {
  readonly command: readonly string[];
  readonly host: Host;
  readonly runs: readonly Run[];
  /** False where runs are missing or did not come to their end. */
  readonly isComplete: boolean;
}

/** The result of these runs. */
export function resultOf(settings: Settings, { command, host, runs, isComplete }: Measured): RunResult {
  const showsEncodings = settings.scenario.procedure === 'article-sse' && isComplete;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'pushbench', version: ownVersion() },
    createdAt: new Date().toISOString(),
    status: isComplete ? 'complete' : 'aborted',
    command: [...command],
    labels: { ...settings.labels },
    seed: settings.seed,
    config: shownSettings(settings),
    host,
    validity: judgeAll(runs),
    encodings: showsEncodings ? measureEncodings(settings.scenario.payloadBytes) : null,
    runs: [...runs],
  };
}

function tellRun(plan: RunPlan, io: RunIo): void {
  const { subject, scenario, order, of } = plan;
  const stage = subject.kind === 'target' ? subject.target.protocol : subject.stage;
  const variant = subject.kind === 'target' ? 'target' : subject.variant;
  io.progress({ kind: 'run', order, of, stage, variant, scenario: scenario.name });
}

/** Both sockets of a connection take the kernel less than 10 KiB: of so few it puts away less than what counts as a change there. */
const FEW_CONNECTIONS = 100;

function leavesLittle({ scenario: { procedure, connections, churnPerSecond } }: RunPlan): boolean {
  const isOrdinary = procedure === 'load' || procedure === 'idle';
  return isOrdinary && connections <= FEW_CONNECTIONS && churnPerSecond === 0;
}

async function quietHost(io: RunIo): Promise<void> {
  try {
    const { settled } = await waitForQuietHost({ timeoutMs: 5_000 }, io.signal);
    if (!settled)
      io.progress({ kind: 'note', text: 'The host had not settled after the last run; going on.' });
  } catch (error) {
    // The caller looks at the signal; anything else is a fault.
    if (!io.signal.aborted) throw error;
  }
}
