import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { RestartedInstance } from '../../contract/resultSpecial.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { Session } from '../session/session.ts';

/** Shares of the window in which the first instance drains, and by which the last one has been replaced. */
export const FIRST_TURN_AT = 1 / 10;
const LAST_TURN_ENDS_AT = 9 / 10;
/** Longest time that an instance waits for its clients to go, milliseconds. */
const GRACE_MS = 5_000;

/** When the turn of each instance begins, from the start of the window, microseconds: spread evenly. */
export function turnsOf(instances: number, durationUs: number): number[] {
  const each = turnUs(instances, durationUs);
  return Array.from({ length: instances }, (_, turn) => FIRST_TURN_AT * durationUs + turn * each);
}

function turnUs(instances: number, durationUs: number): number {
  return ((LAST_TURN_ENDS_AT - FIRST_TURN_AT) * durationUs) / instances;
}

/**
 * Each instance that serves at the start of the window drains, ends and is replaced by another process, one by one; the next
 * turn begins when its time has come and the instance before has been replaced.
 *
 * @param restarted takes the figures of each
 */
export async function restartInTurn(
  session: Session,
  { startUs, durationUs }: PhaseSpec,
  restarted: RestartedInstance[],
): Promise<void> {
  const turns = turnsOf(session.processes.servers.length, durationUs);
  // Half of a turn: the other half is for the one that takes its place.
  const graceMs = Math.min(GRACE_MS, turnUs(turns.length, durationUs) / 2_000);
  for (const atUs of turns) {
    const waitMs = Math.max(0, (startUs + atUs - nowUs()) / 1_000);
    await session.processes.guard(delay(waitMs, undefined, { ref: false }));
    const drainAtUs = nowUs();
    const nodeId = await session.served.retireInstance(graceMs);
    const drainedMs = (nowUs() - drainAtUs) / 1_000;
    await session.served.addInstance();
    restarted.push({
      nodeId,
      drainAtMs: (drainAtUs - startUs) / 1_000,
      drainedMs,
      replacedMs: (nowUs() - drainAtUs) / 1_000,
    });
  }
  session.note(`${restarted.length} instances restarted in turn`);
}
