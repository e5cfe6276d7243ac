import { processDifferenceOf } from '../samplers/processDifference.ts';
import type { Session } from '../session/session.ts';
import { sumOrNull } from '../session/snapshot.ts';

const WARMUP_MS = 1_500;
const DURATION_MS = 1_200;
/** So that a slow scenario's ingest can be told from an idle server's housekeeping. */
const LEAST_RATE = 400;

/** Server CPU per publish, microseconds, before any subscriber connects; null where the CPU cannot be read. */
export async function measureIngest(session: Session): Promise<number | null> {
  if (session.processes.servers.length === 0) return null;
  const { ratePerSecond } = session.plan.scenario;
  // A server that has just started spends most of a publish on compiling: what is measured comes after that.
  const warmup = await session.phase('ingest', Math.max(LEAST_RATE, ratePerSecond), WARMUP_MS, false);
  await session.processes.guard(warmup.publisher);
  const running = await session.phase('ingest', Math.max(LEAST_RATE, ratePerSecond), DURATION_MS, false);
  session.tell('ingest', 0, DURATION_MS, []);
  const before = session.snapshot();
  const report = await session.processes.guard(running.publisher);
  const after = session.snapshot();
  const cpuUs = sumOrNull(
    after.roles.server.map((late, i) => processDifferenceOf(before.roles.server[i], late).cpuUs),
  );
  return cpuUs === null || report.sent === 0 ? null : cpuUs / report.sent;
}
