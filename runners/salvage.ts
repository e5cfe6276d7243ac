import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../contract/clock.ts';
import type { PublisherPhaseReport } from '../contract/publisherControl.ts';
import type { PhaseSpec } from '../contract/schedule.ts';
import { createSchedule } from '../scenarios/pacing.ts';
import type { Evidence, WindowEvidence } from './session/evidence.ts';
import type { Session } from './session/session.ts';
import { takeSnapshot } from './session/snapshot.ts';

/** An aborted run ends within 5 s: this much of it may go into saving what was measured. */
const SALVAGE_MS = 2_000;
/** Time for the last message sent to reach its subscribers. */
const LAST_DELIVERIES_MS = 250;

/** Schedule index of the first message whose time had not come. */
export function firstUnsentIndex(spec: PhaseSpec, atUs: number): number {
  const pacer = createSchedule(spec);
  let low = 0;
  let high = spec.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pacer.intendedUs(middle) <= atUs - spec.startUs) low = middle + 1;
    else high = middle;
  }
  return spec.firstIndex + low;
}

/**
 * Collects what the surviving roles know after an abort. What a dead or hanging role knew is gone; the run's abort reason
 * says so already, so a refusal here adds nothing.
 */
export async function salvage(session: Session, evidence: Evidence): Promise<void> {
  const { publisher } = session.processes;
  const abortedUs = nowUs();
  const workers = session.processes.workers.filter((worker) => worker.alive);
  evidence.connected ??= takeSnapshot(session.processes.pids());
  if (publisher?.alive) await within(publisher.request('abort', null));
  if (session.speaking !== null) await within(session.speaking.hush());
  const fleet = await within(Promise.all(workers.map((worker) => worker.request('fleet', null))));
  if (fleet !== null) evidence.fleet = fleet;
  const { window } = evidence;
  if (window === null || window.workers.length > 0) return;
  const published = await publishedUntil(window, abortedUs);
  if (session.publishes) await delay(LAST_DELIVERIES_MS);
  const body = { phase: window.spec.id, untilIndex: published.untilIndex };
  const reports = await within(Promise.all(workers.map((worker) => worker.request('collect', body))));
  if (reports === null) return;
  const probeIndex = workers.findIndex(({ role }) => role === 'probe');
  evidence.window = { ...window, publisher: published.report, workers: reports, probeIndex };
}

/** What was sent before the abort, by the publisher's own word; by the schedule where it has none any more. */
async function publishedUntil(
  { spec, publishing }: WindowEvidence,
  abortedUs: number,
): Promise<{ untilIndex: number; report: PublisherPhaseReport | null }> {
  const report = await within(publishing);
  if (report === null) return { untilIndex: firstUnsentIndex(spec, abortedUs), report };
  // What was not due yet was not left unsent.
  const attempted = report.attempted - report.unsent;
  return { untilIndex: spec.firstIndex + attempted, report: { ...report, attempted, unsent: 0 } };
}

/** The value, or null where it does not come in time or is refused. */
async function within<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), SALVAGE_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
