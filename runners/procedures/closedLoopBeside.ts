import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { runClosedLoop } from './closedLoop.ts';

/** Its answer is short, and nobody but the closed loop asks for it. */
const PATH = '/healthz';
/** autocannon ends up to a second after its time: it must be over before the window is. */
const LAST_SECOND = 1;

/**
 * What a tool that waits for each answer before it asks again says of the same server in the same window; where a known
 * answer asks for it. One connection at a low rate: what it asks must not be what is measured.
 */
export async function closedLoopBeside(session: Session, evidence: Evidence, spec: PhaseSpec): Promise<void> {
  const perSecond = session.plan.knownAnswer?.closedLoopPerSecond ?? 0;
  if (perSecond === 0) return;
  await session.processes.guard(
    delay(Math.max(0, (spec.startUs - nowUs()) / 1_000), undefined, { ref: false }),
  );
  const [{ host, port }] = session.served.endpoints;
  evidence.closedLoop = await session.processes.guard(
    runClosedLoop({
      url: `http://${host}:${port}${PATH}`,
      connections: 1,
      seconds: spec.durationUs / 1e6 - LAST_SECOND,
      perSecond,
      headers: {},
      security: null,
      signal: session.signal,
    }),
  );
}
