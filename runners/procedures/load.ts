import type { Scenario } from '../../contract/config.ts';
import { BenchError } from '../../contract/errors.ts';
import type { LoadStage } from '../../contract/schedule.ts';
import { connectFleet } from '../session/connect.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { followPhase, measureWindow } from '../session/window.ts';
import { closedLoopBeside } from './closedLoopBeside.ts';
import { breakInWindow } from './fault.ts';
import { freezeInWindow } from './freeze.ts';
import { measureIngest } from './ingestCost.ts';
import { profilePass } from './profilePass.ts';

/** Connect, warm up, measure, drain, profile. */
export async function runLoad(session: Session, evidence: Evidence, directory: string): Promise<void> {
  const { scenario } = session.plan;
  const { publishes, speaking } = session;
  // What clients say costs the server on their own connections: there is no ingest to measure without them.
  // Where the answer is known nobody asks what a publish costs, and it takes three seconds to find out.
  if (session.plan.knownAnswer === null && session.processes.publisher !== null)
    evidence.usPerPublish = await measureIngest(session);
  await connectFleet(session, evidence);
  if (!publishes) return;
  await setChurn(session, scenario.churnPerSecond);
  const [first] = shapeOf(scenario);
  const warmup =
    scenario.warmupMs > 0 ? await session.phase('warmup', first.ratePerSecond, scenario.warmupMs) : null;
  const measure = await session.shapedPhase('measure', shapeOf(scenario));
  if (warmup !== null) await followPhase(session, warmup);
  const alsoDrain = warmup === null ? [] : [warmup.spec];
  const breaking = Promise.all([
    breakInWindow(session, evidence, measure.spec),
    freezeInWindow(session, measure.spec),
    closedLoopBeside(session, evidence, measure.spec),
  ]);
  // Awaited below, once the window is over; until then an abort must not count as unhandled.
  breaking.catch(() => {});
  const endingHalves = speaking?.endUplinks(measure.spec);
  endingHalves?.catch(() => {});
  await measureWindow(session, measure, alsoDrain, (window) => {
    evidence.window = window;
  });
  await breaking;
  await endingHalves;
  evidence.chat = (await speaking?.collect(measure.spec)) ?? [];
  await setChurn(session, 0);
  if (warmup !== null) evidence.warmup = { spec: warmup.spec, workers: await session.collect(warmup.spec) };
  try {
    await profilePass(session, evidence, directory);
  } catch (error) {
    // The measurement is complete: a profiler that failed takes nothing from it. Anything else ends the run.
    if (!(error instanceof BenchError)) throw error;
    session.note(`No profile: ${error.message} ${error.hint}`);
    evidence.profileFailure = error.message;
  }
}

/** The load shape of the window: a constant rate where the scenario has no stages. */
function shapeOf({ stages, ratePerSecond, durationMs }: Scenario): readonly LoadStage[] {
  return stages.length > 0 ? stages : [{ durationMs, ratePerSecond }];
}

async function setChurn(session: Session, perSecond: number): Promise<void> {
  const { workers } = session.processes;
  const { connections } = session.plan.scenario;
  await session.processes.guard(
    Promise.all(
      workers.map((worker, index) =>
        worker.request('churn', { perSecond: (perSecond * session.plan.workers[index].slots) / connections }),
      ),
    ),
  );
}
