import { nowUs } from '../contract/clock.ts';
import type { CostRates } from '../contract/config.ts';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import type { Run } from '../contract/result.ts';
import { assembleRun } from './assemble/assembleRun.ts';
import { type KnownCeiling, NO_CEILING } from './ceiling/findCeilings.ts';
import { ClocksDiffer, looserOf } from './clock/checkClocks.ts';
import { isPublished } from './isPublished.ts';
import type { RunPlan } from './plan.ts';
import { runArticle } from './procedures/article.ts';
import { runArticlePoll } from './procedures/articlePoll.ts';
import { runArticleWs } from './procedures/articleWs.ts';
import { runCeiling } from './procedures/ceiling.ts';
import { runIdle } from './procedures/idle.ts';
import { runLoad } from './procedures/load.ts';
import { PREFERRED_NICE, ROLE_FLAGS, RoleCrashed, type RoleName, WORKER_FLAGS } from './roleClient.ts';
import type { RunIo } from './run.ts';
import { salvage } from './salvage.ts';
import { type Evidence, emptyEvidence } from './session/evidence.ts';
import { Interrupted } from './session/interrupted.ts';
import { type StartedServer, TargetGone } from './session/processes.ts';
import { Session } from './session/session.ts';
import { NO_PIDS, takeSnapshot } from './session/snapshot.ts';

/** Whose end is a result, not a fault of the harness. */
const SYSTEM_ROLES: readonly RoleName[] = ['server', 'broker', 'directory'];

/**
 * Carries out one run; an aborted one returns what was measured, and no process is left either way.
 * @param started a server of the user's own that was started for this run; it goes on after it
 * @throws ClocksDiffer before anything is measured where the processes do not share one clock
 */
export async function runOne(
  plan: RunPlan,
  io: RunIo,
  cost: CostRates | null,
  generator: KnownCeiling = NO_CEILING,
  started?: StartedServer,
): Promise<Run> {
  const evidence = emptyEvidence(plan, nowUs());
  evidence.baseline = takeSnapshot(NO_PIDS, io.hostRoot);
  const session = new Session(plan, {
    publishes: isPublished(plan),
    signal: io.signal,
    progress: io.progress,
    hostRoot: io.hostRoot,
    started,
  });
  try {
    noteProcesses(session, evidence);
    evidence.clock = await session.start();
    evidence.broker = session.served.broker;
    evidence.discovery = session.served.discovery;
    noteProcesses(session, evidence);
    await carryOut(session, evidence, io.directory);
    // Instances that came in the window are compared here for the first time.
    evidence.clock = looserOf(evidence.clock, await session.checkClocks());
    evidence.fleet = await session.processes.guard(
      Promise.all(session.processes.workers.map((worker) => worker.request('fleet', null))),
    );
  } catch (error) {
    if (error instanceof ClocksDiffer && evidence.clock === null) throw error;
    noteAbort(error, evidence);
    await salvage(session, evidence);
  } finally {
    evidence.samples = session.watch.samples;
    // Nodes may have been replaced.
    noteProcesses(session, evidence);
    await session.stop();
  }
  return assembleRun(evidence, cost, generator);
}

/** A run whose server did not even start. */
export function runThatFailed(plan: RunPlan, error: unknown, cost: CostRates | null): Run {
  const evidence = emptyEvidence(plan, nowUs());
  noteAbort(error, evidence);
  return assembleRun(evidence, cost);
}

function carryOut(session: Session, evidence: Evidence, directory: string): Promise<void> {
  const { procedure } = session.plan.scenario;
  switch (procedure) {
    case 'load':
      return runLoad(session, evidence, directory);
    case 'idle':
      return runIdle(session, evidence);
    case 'ceiling':
      return runCeiling(session, evidence, directory);
    case 'article-sse':
      return runArticle(session, evidence, directory);
    case 'article-poll':
      return runArticlePoll(session, evidence, directory);
    case 'article-ws':
      return runArticleWs(session, evidence);
    case 'compare':
      throw new Error('a comparison is planned as its runs');
    default:
      return procedure satisfies never;
  }
}

function noteProcesses({ processes, plan }: Session, evidence: Evidence): void {
  const connections = plan.scenario.connections;
  const flags = [...ROLE_FLAGS];
  const nodes = plan.subject.kind === 'reference' ? plan.subject.nodes.length : 0;
  evidence.processes = [
    ...processes.everyServer.map(({ pid, index }) => ({
      role: 'server',
      index,
      pid,
      flags,
      connections: Math.round(connections / nodes),
    })),
    ...processes.workers.map(({ role, pid, index }) => ({
      role,
      index,
      pid,
      flags: [...WORKER_FLAGS],
      connections: plan.workers[index].slots,
    })),
    ...(processes.publisher === null
      ? []
      : [
          {
            role: 'publisher',
            index: 0,
            pid: processes.publisher.pid,
            flags: processes.isPublisherPreferred ? [...flags, `nice ${PREFERRED_NICE}`] : flags,
            connections: nodes,
          },
        ]),
    ...(processes.broker === null
      ? []
      : processes
          .pids()
          .broker.map((pid, index) => ({ role: 'broker', index, pid, flags: [], connections: nodes }))),
    ...processes.pids().directory.map((pid, index) => ({
      role: 'directory',
      index,
      pid,
      flags: [],
      connections: nodes,
    })),
    ...processes.links.map(({ pid, index }) => ({
      role: 'link',
      index,
      pid,
      flags: processes.isLinkPreferred ? [...WORKER_FLAGS, `nice ${PREFERRED_NICE}`] : [...WORKER_FLAGS],
      connections: Math.round(connections / plan.streamsPerConnection / processes.links.length),
    })),
    { role: 'coordinator', index: 0, pid: process.pid, flags: [], connections: 0 },
  ];
}

/** Whose fault an abort is decides what the result says: a server that dies is a result. */
function noteAbort(error: unknown, evidence: Evidence): void {
  if (error instanceof Interrupted) evidence.abortReason = error.message;
  else if (error instanceof TargetGone) evidence.abortReason = `system under test: ${error.message}`;
  else if (error instanceof RoleCrashed && SYSTEM_ROLES.includes(error.role)) {
    evidence.abortReason = `system under test: ${error.message}`;
  } else if (error instanceof BenchError && error.exitCode === EXIT.systemUnderTest) {
    evidence.abortReason = `system under test: ${error.message}`;
  } else {
    evidence.abortReason = messageOf(error);
    evidence.harnessCrashed = true;
  }
}
