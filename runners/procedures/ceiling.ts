import type { CeilingStep } from '../../contract/result.ts';
import { quantileWithLost } from '../../reports/statistics/latencyStats.ts';
import { publisherLateness } from '../assemble/publisherLateness.ts';
import { milliseconds } from '../milliseconds.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import { connectFleet } from '../session/connect.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { roleDifference } from '../session/snapshot.ts';
import { measureWindow } from '../session/window.ts';
import { lagBoundUs } from '../validity/invalidRules.ts';
import { nextRate, type SearchBounds } from './ceilingSearch.ts';
import { measureIngest } from './ingestCost.ts';
import { profileAt } from './profilePass.ts';
import { saturatePolls } from './saturatePolls.ts';

const MAX_PUBLISHES = 200_000;
/** Warm-up of each step, so that a step is not judged by the change of rate. */
const STEP_WARMUP_MS = 500;
const SEARCH_LIMITS = { maxSteps: 16, precision: 1.05, startDeliveries: 20_000 } as const;
/** How the reason of a step begins in which the generator was late. */
const LATE = 'the publisher sent';
/** A CPU with less than this idle is taken as used up. */
const SATURATED = 0.9;

export interface CeilingLimits {
  readonly maxSteps: number;
  readonly precision: number;
  /** Deliveries per second of the first step. */
  readonly startDeliveries: number;
}

/**
 * Search for the highest publish rate that keeps the objective, then a profile at that rate. Clients that poll on an
 * interval wait for their poll whatever the rate, and their load does not grow with it: there, how many polls the server
 * answers.
 */
export async function runCeiling(session: Session, evidence: Evidence, directory: string): Promise<void> {
  if (session.plan.polling?.mode === 'interval') return saturatePolls(session, evidence);
  evidence.usPerPublish = await measureIngest(session);
  await connectFleet(session, evidence);
  const maxSteps = session.plan.searchSteps ?? SEARCH_LIMITS.maxSteps;
  await searchCeiling(session, evidence, { ...SEARCH_LIMITS, maxSteps });
  const rate = evidence.ceiling?.bestRate;
  const { profile } = session.plan.scenario;
  if (rate && (profile === 'cpu' || profile === 'heap'))
    await profileAt(session, evidence, directory, profile, rate);
}

/** The window of the best step becomes the run's window. */
export async function searchCeiling(
  session: Session,
  evidence: Evidence,
  limits: CeilingLimits,
): Promise<void> {
  const bounds: SearchBounds = {
    ...limits,
    startRate: Math.max(0.5, limits.startDeliveries / session.plan.fanOut),
    maxRate: MAX_PUBLISHES,
  };
  const ceiling = {
    steps: [] as CeilingStep[],
    bestRate: null as number | null,
    bestDeliveries: null as number | null,
    limitedBy: '',
  };
  evidence.ceiling = ceiling;
  let lastFailure: string | null = null;
  for (let rate = nextRate(ceiling.steps, bounds); rate !== null; rate = nextRate(ceiling.steps, bounds)) {
    const { step, window } = await tryAgain(session, rate, lastFailure !== null);
    ceiling.steps.push(step);
    if (!step.passed) lastFailure = `${step.reason}; ${limitOf(window)}`;
    if (step.passed && rate > (ceiling.bestRate ?? 0)) {
      ceiling.bestRate = rate;
      ceiling.bestDeliveries = step.deliveriesPerSecond;
      evidence.window = window;
    } else if (evidence.window === null) {
      evidence.window = window;
    }
  }
  ceiling.limitedBy = lastFailure ?? 'the search ended before anything gave way';
}

/**
 * One stall of a shared machine must not end a search early: the first failure counts only when it is seen twice, and
 * one in which the publisher was late, so that it may be ours, only when it is seen three times.
 * Later ones only halve an interval that is small already.
 */
async function tryAgain(session: Session, rate: number, failedBefore: boolean): ReturnType<typeof tryRate> {
  let tried = await tryRate(session, rate);
  session.note(describeStep(tried.step));
  for (let tries = 1; tries < triesFor(tried.step, failedBefore); tries++) {
    tried = await tryRate(session, rate);
    session.note(`again: ${describeStep(tried.step)}`);
  }
  return tried;
}

function triesFor({ passed, reason }: CeilingStep, failedBefore: boolean): number {
  if (passed) return 1;
  if (reason.includes(LATE)) return 3;
  return failedBefore ? 1 : 2;
}

async function tryRate(
  session: Session,
  rate: number,
): Promise<{ step: CeilingStep; window: WindowEvidence }> {
  const { durationMs } = session.plan.scenario;
  const warmup = await session.phase('warmup', rate, STEP_WARMUP_MS);
  const running = await session.phase('step', rate, durationMs);
  const window = await measureWindow(session, running, [warmup.spec], () => {});
  await session.collect(warmup.spec);
  return { step: judge(session, window, rate), window };
}

function judge(session: Session, window: WindowEvidence, ratePerSecond: number): CeilingStep {
  const { sloMs, sloQuantile } = session.plan.scenario;
  const delivery = mergeHistograms(window.workers.map(({ delivery: encoded }) => encoded));
  const lost = window.workers.reduce((sum, report) => sum + report.lost, 0);
  const latencyUs = quantileWithLost(delivery, lost, sloQuantile);
  const lagBound = lagBoundUs(sloMs * 1_000, 1_000);
  const lagP99 = publisherLateness(window) ?? 0;
  delivery.destroy();
  const received = window.workers.reduce((sum, report) => sum + report.receivedInWindow, 0);
  const refused =
    (window.publisher?.refused ?? 0) + (window.publisher?.failed ?? 0) + (window.publisher?.unsent ?? 0);
  const reason = failureOf({ latencyUs, lost, refused, lagP99, lagBound }, sloMs * 1_000, sloQuantile);
  return {
    ratePerSecond,
    deliveriesPerSecond: (received * 1e6) / window.spec.durationUs,
    latencyUs,
    lost,
    refused,
    passed: reason === '',
    reason,
  };
}

interface Judged {
  readonly latencyUs: number | null;
  readonly lost: number;
  readonly refused: number;
  readonly lagP99: number;
  readonly lagBound: number;
}

/**
 * A step counts only where the generator kept its schedule to a tenth of the objective: else its own lateness would be
 * called the server's. What waited for the server is in the latency, and no lateness.
 */
function failureOf(
  { latencyUs, lost, refused, lagP99, lagBound }: Judged,
  sloUs: number,
  quantile: number,
): string {
  if (lost > 0) return `${lost} deliveries lost`;
  if (refused > 0) return `${refused} publishes refused or failed`;
  if (latencyUs === null) return 'nothing arrived';
  const isLate = lagP99 > lagBound;
  const lagNote = isLate ? `${LATE} ${milliseconds(lagP99)} late (p99)` : '';
  if (latencyUs <= sloUs) return lagNote;
  const missed = `p${quantile * 100} ${Math.round(latencyUs / 1_000)} ms over ${Math.round(sloUs / 1_000)} ms`;
  return isLate ? `${missed}, ${lagNote}` : missed;
}

/** What was used up when a step failed. */
function limitOf({ before, after }: WindowEvidence): string {
  const server = roleDifference(before.snapshot, after.snapshot, ['server']);
  const generator = roleDifference(before.snapshot, after.snapshot, ['worker', 'probe', 'publisher']);
  const cores = (difference: typeof server) => (difference.cpuUs ?? 0) / 1e6 / difference.seconds;
  const split = `server ${cores(server).toFixed(2)} cores, generator ${cores(generator).toFixed(2)} cores`;
  const nodes = after.snapshot.roles.server.length;
  if (nodes > 0 && cores(server) > SATURATED * nodes) return `the server's event loop was full (${split})`;
  if (cores(generator) > SATURATED) return `the generator's core was full (${split})`;
  return `neither was at its limit alone (${split})`;
}

function describeStep(step: CeilingStep): string {
  const verdict = step.passed ? 'kept' : `missed: ${step.reason}`;
  return `${Number(step.ratePerSecond.toPrecision(4))} publishes/s, ${Math.round(step.deliveriesPerSecond)} deliveries/s: objective ${verdict}`;
}
