import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { WsArticleRow } from '../../contract/result.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { jitterOf } from '../../reports/statistics/jitter.ts';
import { connectFleet } from '../session/connect.ts';
import { type Evidence, emptyEvidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { rssOf } from '../session/snapshot.ts';
import { followPhase, measureWindow } from '../session/window.ts';
import { JITTER_ABOVE_CONNECTIONS } from './articleClaims.ts';
import { withFleetOf } from './fleetPlan.ts';

/** Connections at which memory is followed, as shares of the scenario's: 1,000 to 10,000 by default. */
const SHARES = [0.1, 0.25, 0.5, 0.75];
const SAMPLE_US = 500_000;

type Level = WsArticleRow['levels'][number];

/**
 * Resident memory over time under a steady broadcast, at growing numbers of connections: each on a fresh server, so
 * that none inherits the heap of the one before. The last and largest is the run itself, with all its figures.
 */
export async function runArticleWs(session: Session, evidence: Evidence): Promise<void> {
  const { subject, scenario } = session.plan;
  if (subject.kind !== 'reference') return;
  const { stage, variant } = subject;
  const row = { stage, variant, levels: [] as Level[], claimAboveConnections: JITTER_ABOVE_CONNECTIONS };
  evidence.articleWs = row;
  for (const share of SHARES) {
    const plan = withFleetOf(session.plan, Math.max(1, Math.round(scenario.connections * share)));
    const own = session.sibling(plan, null, true);
    try {
      await own.start();
      row.levels.push(...(await measureLevel(own, emptyEvidence(plan, nowUs()))));
    } finally {
      await own.stop();
    }
  }
  row.levels.push(...(await measureLevel(session, evidence)));
}

async function measureLevel(session: Session, evidence: Evidence): Promise<Level[]> {
  const { ratePerSecond, warmupMs, durationMs, connections } = session.plan.scenario;
  await connectFleet(session, evidence, 0);
  const warmup = warmupMs > 0 ? await session.phase('warmup', ratePerSecond, warmupMs) : null;
  const measure = await session.phase('measure', ratePerSecond, durationMs);
  if (warmup !== null) await followPhase(session, warmup);
  const [rssBytes, window] = await Promise.all([
    sampleRss(session, measure.spec),
    measureWindow(session, measure, warmup === null ? [] : [warmup.spec], (seen) => {
      evidence.window = seen;
    }),
  ]);
  if (warmup !== null) evidence.warmup = { spec: warmup.spec, workers: await session.collect(warmup.spec) };
  const pauses = window.serverSelf.map(({ gcPauseMaxUs }) => gcPauseMaxUs / 1_000);
  return levelOf(connections, rssBytes, pauses.length === 0 ? null : Math.max(...pauses));
}

async function sampleRss(session: Session, { startUs, durationUs }: PhaseSpec): Promise<number[]> {
  const samples: number[] = [];
  for (let atUs = startUs; atUs <= startUs + durationUs; atUs += SAMPLE_US) {
    await session.processes.guard(delay(Math.max(0, (atUs - nowUs()) / 1_000), undefined, { ref: false }));
    const rssBytes = rssOf(session.snapshot(), ['server']);
    if (rssBytes !== null) samples.push(rssBytes);
  }
  return samples;
}

/** Nothing where memory could not be read often enough to speak of jitter. */
export function levelOf(
  connections: number,
  rssBytes: readonly number[],
  gcPauseMaxMs: number | null,
): Level[] {
  const found = jitterOf(rssBytes);
  if (found === null) return [];
  const { mean, jitter, range } = found;
  return [{ connections, rssBytes: [...rssBytes], meanBytes: mean, jitter, rangeBytes: range, gcPauseMaxMs }];
}
