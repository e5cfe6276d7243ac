import type { Settings } from '../contract/config.ts';
import type { ProgressListener } from '../contract/progress.ts';
import { type Run, type RunResult, SCHEMA_VERSION } from '../contract/result.ts';
import type { ClientSecurity } from '../contract/security.ts';
import { measureEncodings } from '../servers/encodingTable.ts';
import { checkBuses } from './broker/checkBuses.ts';
import { redactBusUrl } from './broker/redactBusUrl.ts';
import { findCeilings } from './ceiling/findCeilings.ts';
import { checkDriver } from './checkDriver.ts';
import { checkTarget } from './checkTarget.ts';
import { checkDirectory } from './discovery/checkDirectory.ts';
import { isPublished } from './isPublished.ts';
import { ownVersion } from './ownVersion.ts';
import { planRuns, type RunPlan } from './plan.ts';
import { requireProfiler } from './procedures/profilePass.ts';
import { initHistograms } from './recorders/histograms.ts';
import { runOne } from './runOne.ts';
import { readHostFacts } from './samplers/hostFacts.ts';
import { readLimits } from './samplers/limits.ts';
import { waitForQuietHost } from './samplers/waitSettled.ts';
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
 * @throws BenchError where the plan does not fit the machine or the target does not answer as a stream
 */
export async function run(settings: Settings, io: RunIo): Promise<RunResult> {
  await initHistograms();
  requireProfiler(settings.scenario.profile);
  const plans = planRuns(settings, readLimits());
  if (settings.target !== null) await checkDriver(settings.target, plans.some(isPublished));
  if (settings.target !== null) await checkTarget(settings.target, plans[0].streams, io.signal);
  await checkBuses(plans);
  await checkDirectory(settings.discovery);
  const host = readHostFacts();
  const { calibrate } = settings;
  const found = await findCeilings(plans, { ...io, calibrate, host });
  if (found.measured > 0) await quietHost(io);
  const runs: Run[] = [];
  for (const plan of plans) {
    if (io.signal.aborted) break;
    tellRun(plan, io);
    if (runs.length > 0) await quietHost(io);
    if (io.signal.aborted) break;
    runs.push(await runOne(plan, io, settings.cost, found.of(plan)));
    if (runs.at(-1)?.status === 'aborted') break;
  }
  const isComplete = runs.length === plans.length && runs.every(({ status }) => status === 'complete');
  const showsEncodings = settings.scenario.procedure === 'article-sse' && isComplete;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'pushbench', version: ownVersion() },
    createdAt: new Date().toISOString(),
    status: isComplete ? 'complete' : 'aborted',
    command: [...io.command],
    labels: { ...settings.labels },
    seed: settings.seed,
    config: configOf(settings),
    host,
    validity: judgeAll(runs),
    encodings: showsEncodings ? measureEncodings(settings.scenario.payloadBytes) : null,
    runs,
  };
}

function tellRun(plan: RunPlan, io: RunIo): void {
  const { subject, scenario, order, of } = plan;
  const stage = subject.kind === 'target' ? subject.target.protocol : subject.stage;
  const variant = subject.kind === 'target' ? 'target' : subject.variant;
  io.progress({ kind: 'run', order, of, stage, variant, scenario: scenario.name });
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

/** What was asked for, less what must not be told: header values may be secrets. */
function configOf(settings: Settings): Record<string, unknown> {
  const { target, buses: given, ...rest } = settings;
  const buses = Object.fromEntries(Object.entries(given).map(([kind, url]) => [kind, redactBusUrl(url)]));
  const headers = target === null ? [] : Object.keys(target.headers);
  return {
    ...rest,
    buses,
    target: target === null ? null : { ...target, headers, security: shown(target.security) },
  };
}

/** Names only: a private key is a secret, and certificates say who the user is. */
function shown(security: ClientSecurity | null): Record<string, unknown> | null {
  if (security === null) return null;
  return {
    authorities: security.ca === null ? 'system' : 'given',
    clientCertificate: security.certificate !== null,
    serverName: security.serverName,
  };
}
