import type { PollArticleRow, Run } from '../../contract/result.ts';
import { cpuCores } from '../../reports/statistics/cpuCores.ts';
import { assembleRun } from '../assemble/assembleRun.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { POLL_CLAIMS } from './articleClaims.ts';
import { runLoad } from './load.ts';
import { exponentOf, type PollSweep, sweepPolls } from './pollSweep.ts';

/** One variant through the article's table of polling: the sweep on a server of its own, then its load. */
export async function runArticlePoll(session: Session, evidence: Evidence, directory: string): Promise<void> {
  // Before anyone polls here: the sweep has the machine to itself. A held request has no rate to sweep over.
  const sweep = session.plan.polling?.mode === 'interval' ? await sweepPolls(session) : [];
  await runLoad(session, evidence, directory);
  const run = assembleRun({ ...evidence, samples: session.watch.samples, fleet: [] }, null);
  evidence.articlePoll = pollRowOf(run, sweep);
}

/** The row of the article's table that a run makes. */
export function pollRowOf(run: Omit<Run, 'articlePoll'>, sweep: PollSweep): PollArticleRow {
  const { polling, plan, connections, latencyUs } = run;
  // Polls are counted at the bulk clients; the probes ask just as often.
  const share = connections.requested / Math.max(1, connections.requested - plan.probes);
  const seconds = run.timeline.flatMap(({ second, cpu }) => (second < 0 ? [] : (cpu.server ?? [])));
  return {
    stage: run.stage,
    variant: run.variant,
    claim: POLL_CLAIMS[run.variant] ?? null,
    pollsPerSecond: (polling?.sentPerSecond ?? 0) * share,
    // Held: the answer waits for news, and how long is no property of the server.
    meanRoundTripUs: polling && polling.intervalMs > 0 ? polling.roundTripUs.mean : null,
    meanDeliveryUs: latencyUs?.delivery.mean ?? null,
    connectionReuseRatio: polling?.connectionReuseRatio ?? null,
    cpuPeakCores: seconds.length === 0 ? null : Math.max(...seconds),
    cpuMeanCores: seconds.length === 0 ? null : cpuCores(run.cpu.server),
    emptyRatio: polling?.wastedRatio ?? null,
    eventsPerPollInterval: polling?.eventsPerPollInterval ?? null,
    sweep,
    exponent: exponentOf(sweep),
  };
}
