import { setTimeout as delay } from 'node:timers/promises';
import type { PollFigures } from '../../contract/loadDriver.ts';
import type { PollArticleRow } from '../../contract/result.ts';
import { fitPowerLaw } from '../../reports/statistics/powerLaw.ts';
import type { RunPlan } from '../plan.ts';
import { differenceOfHistograms, mergeHistograms } from '../recorders/histograms.ts';
import { connectFleet } from '../session/connect.ts';
import { emptyEvidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { roleDifference } from '../session/snapshot.ts';
import { CLAIMED_EXPONENT } from './articleClaims.ts';
import { withFleetOf } from './fleetPlan.ts';

export type PollSweep = PollArticleRow['sweep'];

/** Poll intervals as shares of the scenario's, the highest rate first: a server that is still being compiled would make low rates dear. */
const INTERVAL_SHARES = [1 / 8, 1 / 4, 1 / 2, 1, 2];
/** No step is longer than the scenario's window. */
const STEP_MS = 4_000;
/** Polls before the first step is measured. */
const WARMUP_MS = 3_000;
const SETTLE_MS = 500;
const SEED_MS = 500;
/** Where fewer of the polls that were due are answered, the server or the machine is full, and its CPU says nothing of a poll. */
const LEAST_ANSWERED = 0.97;

/**
 * Server CPU at growing polls per second, by the same number of clients at shorter intervals, on a server of its own.
 * Each topic holds one message from before, so that after its first poll each client asks for what it has: the cost of
 * a poll, not of news. The row of 0 polls is the same server with nobody asking.
 */
export async function sweepPolls(session: Session): Promise<PollSweep> {
  const { plan } = session;
  const host = session.sibling({ ...plan, workers: [] }, null, true);
  try {
    await host.start();
    await seedStreams(host);
    const rows: PollSweep = [];
    for (const [i, share] of INTERVAL_SHARES.entries()) {
      const intervalMs = Math.max(1, Math.round(plan.scenario.pollIntervalMs * share));
      rows.push(...(await measureStep(host, stepPlan(plan, intervalMs), i === 0 ? WARMUP_MS : SETTLE_MS)));
    }
    rows.push(await measureIdle(host));
    return rows.reverse();
  } finally {
    await host.stop();
  }
}

function stepMs({ scenario }: RunPlan): number {
  return Math.min(STEP_MS, scenario.durationMs);
}

/** One message on every topic, so that there is a state to ask for. */
async function seedStreams(host: Session): Promise<void> {
  const { streams } = host.plan;
  const running = await host.phase('ingest', (2 * streams * 1_000) / SEED_MS, SEED_MS, false);
  await host.processes.guard(running.publisher);
}

/** The same clients at another interval, and without back-off: with it, fewer polls would be due than the interval says. */
export function stepPlan(plan: RunPlan, intervalMs: number): RunPlan {
  const fleet = withFleetOf(plan, plan.scenario.connections);
  const { subject, polling } = fleet;
  return {
    ...fleet,
    scenario: { ...fleet.scenario, pollIntervalMs: intervalMs, pollBackoff: 1 },
    polling: polling === null ? null : { ...polling, intervalMs, backoff: 1 },
    // The server is there already.
    subject: subject.kind === 'reference' ? { ...subject, nodes: [] } : subject,
  };
}

/** Nothing where the polls that were due were not answered in full. */
async function measureStep(host: Session, plan: RunPlan, settleMs: number): Promise<PollSweep> {
  const step = host.sibling(plan, { endpoints: host.served.endpoints, ingest: null }, false);
  try {
    await step.start();
    await connectFleet(step, emptyEvidence(plan, 0), 0);
    await host.processes.guard(step.processes.guard(delay(settleMs)));
    const { scenario } = plan;
    const duePerSecond = (scenario.connections * 1_000) / scenario.pollIntervalMs;
    host.tell('sweep', 0, stepMs(plan), [{ label: 'polls', value: duePerSecond, unit: 'perSecond' }]);
    const before = { cpu: host.snapshot(), polls: await step.pollFigures() };
    await host.processes.guard(step.processes.guard(delay(stepMs(plan))));
    const after = { cpu: host.snapshot(), polls: await step.pollFigures() };
    const { cpuUs, seconds } = roleDifference(before.cpu, after.cpu, ['server']);
    const pollsPerSecond = (answered(after.polls) - answered(before.polls)) / seconds;
    if (pollsPerSecond < duePerSecond * LEAST_ANSWERED) {
      host.note(
        `${Math.round(duePerSecond)} polls/s: ${Math.round(pollsPerSecond)} answered, left out of the sweep`,
      );
      return [];
    }
    return [
      { pollsPerSecond, cpuCores: coresOf(cpuUs, seconds), p99RoundTripUs: p99(before.polls, after.polls) },
    ];
  } finally {
    await step.stop();
  }
}

async function measureIdle(host: Session): Promise<PollSweep[number]> {
  await host.processes.guard(delay(SETTLE_MS));
  const before = host.snapshot();
  await host.processes.guard(delay(stepMs(host.plan) / 2));
  const { cpuUs, seconds } = roleDifference(before, host.snapshot(), ['server']);
  return { pollsPerSecond: 0, cpuCores: coresOf(cpuUs, seconds), p99RoundTripUs: null };
}

function coresOf(cpuUs: number | null, seconds: number): number | null {
  return cpuUs === null ? null : cpuUs / 1e6 / seconds;
}

function answered(figures: readonly PollFigures[]): number {
  return figures.reduce((sum, each) => sum + each.answered, 0);
}

function p99(before: readonly PollFigures[], after: readonly PollFigures[]): number | null {
  const trips = (figures: readonly PollFigures[]) => figures.map(({ roundTrip }) => roundTrip);
  const histogram = mergeHistograms([differenceOfHistograms(trips(before), trips(after))]);
  const value = histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(99);
  histogram.destroy();
  return value;
}

/**
 * The exponent of CPU over polls per second beside the claimed square. What the server uses with nobody asking is
 * taken off first: a constant would flatten the slope.
 * @returns null where fewer than three rates were answered in full
 */
export function exponentOf(sweep: PollSweep): PollArticleRow['exponent'] {
  const idle = sweep.find(({ pollsPerSecond }) => pollsPerSecond === 0)?.cpuCores ?? 0;
  const fit = fitPowerLaw(
    sweep.flatMap(({ pollsPerSecond, cpuCores }) =>
      cpuCores === null ? [] : [{ x: pollsPerSecond, y: cpuCores - idle }],
    ),
  );
  return fit && { value: fit.exponent, low: fit.low, high: fit.high, claim: CLAIMED_EXPONENT };
}
