import { setTimeout as delay } from 'node:timers/promises';
import { assembleRun } from '../assemble/assembleRun.ts';
import type { RunPlan } from '../plan.ts';
import { connectFleet } from '../session/connect.ts';
import { type Evidence, emptyEvidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { ARTICLE_CLAIMS } from './articleClaims.ts';
import { searchCeiling } from './ceiling.ts';
import { measureIngest } from './ingestCost.ts';
import { profileAt } from './profilePass.ts';

/** Levels and connections of the separate idle ramp. */
const IDLE_CONNECTIONS = 5_000;
const IDLE_LEVELS = 5;
/** Clients that come and go while nothing is published: what a server still holds then is what it leaks until the next write. */
const CHURN_PER_SECOND = 500;
const CHURN_MS = 2_000;
const SEARCH = { maxSteps: 9, precision: 1.1, startDeliveries: 100_000 } as const;
const MB = 1_000_000;

/** One variant through the article's table: ceiling by search, a profile at it, churn, and the slope from an idle ramp. */
export async function runArticle(session: Session, evidence: Evidence, directory: string): Promise<void> {
  evidence.usPerPublish = await measureIngest(session);
  // Slopes come from the ramp to more connections below.
  await connectFleet(session, evidence, 0);
  await searchCeiling(session, evidence, SEARCH);
  const { profile, ratePerSecond } = session.plan.scenario;
  const rate = evidence.ceiling?.bestRate ?? ratePerSecond;
  if ((profile === 'cpu' || profile === 'heap') && rate > 0)
    await profileAt(session, evidence, directory, profile, rate);
  const heldRatio = await churnHeld(session);
  const ramp = await idleRamp(session);
  evidence.levels = ramp.levels;
  fillRow(session, evidence, heldRatio);
}

async function churnHeld(session: Session): Promise<number | null> {
  const { workers, servers } = session.processes;
  const perSecond = CHURN_PER_SECOND / workers.length;
  const churn = (rate: number) =>
    session.processes.guard(
      Promise.all(workers.map((worker) => worker.request('churn', { perSecond: rate }))),
    );
  session.tell('churn', 0, CHURN_MS, []);
  await churn(perSecond);
  await session.processes.guard(delay(CHURN_MS));
  await churn(0);
  await session.processes.guard(delay(500));
  const live = (await session.progress()).reduce((sum, progress) => sum + progress.live, 0);
  const stats = await session.processes.guard(
    Promise.all(servers.map((server) => server.request('stats', null))),
  );
  const held = stats.reduce((sum, { connections }) => sum + connections, 0);
  return live === 0 ? null : held / live;
}

/** A fresh server of the same variant: connections in levels, nothing published. */
async function idleRamp(session: Session): Promise<Evidence> {
  const { plan } = session;
  const worker = { role: 'worker', firstSlot: 0, slots: IDLE_CONNECTIONS } as const;
  const scenario = { ...plan.scenario, connections: IDLE_CONNECTIONS, memoryLevels: IDLE_LEVELS, probes: 0 };
  const idle: RunPlan = {
    ...plan,
    scenario,
    streams: plan.streams,
    fanOut: IDLE_CONNECTIONS,
    workers: [worker],
  };
  const evidence = emptyEvidence(idle, 0);
  const ramp = session.sibling(idle);
  try {
    await ramp.start();
    await connectFleet(ramp, evidence);
    return evidence;
  } finally {
    await ramp.stop();
  }
}

function fillRow({ plan, watch }: Session, evidence: Evidence, churnHeldRatio: number | null): void {
  if (plan.subject.kind !== 'reference') return;
  const { stage, variant } = plan.subject;
  const figures = assembleRun({ ...evidence, samples: watch.samples, fleet: [] }, null);
  const rss = figures.memory.server.meanRssBytes;
  const perConnection = rss === null ? null : rss / plan.scenario.connections;
  const qps = evidence.ceiling?.bestDeliveries ?? null;
  evidence.article = {
    stage,
    variant,
    claim: ARTICLE_CLAIMS[variant] ?? null,
    qps,
    p95Us: figures.latencyUs?.delivery.p95 ?? null,
    rssUnderLoadPerConnectionBytes: perConnection,
    rssSlopePerConnectionBytes: figures.memory.server.rssPerConnectionBytes,
    roi: qps === null || perConnection === null ? null : qps / (perConnection / MB),
    gcPauseMsPerSecond: figures.gc?.pauseMsPerSecond ?? null,
    allocatedBytesPerDelivery: figures.gc?.allocatedBytesPerDelivery ?? null,
    churnHeldRatio,
    cpuUsPerDelivery: figures.cpu.server.usPerDelivery,
  };
}
