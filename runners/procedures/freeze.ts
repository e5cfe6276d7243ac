import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { Freeze } from '../../contract/knownAnswer.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { Session } from '../session/session.ts';

/** A process that can be stopped where it stands. */
interface Freezable {
  readonly pid: number;
  freeze(): void;
  thaw(): void;
}

/**
 * Stops one process in the middle of the window, where a known answer asks for it, and lets it go on again, however the
 * run ends: a stopped process hears neither that it is to end nor that its coordinator is gone. How long it really was
 * stopped is told, since a timer may come late.
 */
export async function freezeInWindow(session: Session, spec: PhaseSpec): Promise<void> {
  const freeze = session.plan.knownAnswer?.freeze ?? null;
  if (freeze === null) return;
  await waitUntil(session, spec.startUs + freeze.atMs * 1_000);
  const frozen = firstOf(session, freeze.role);
  const thaw = (): void => frozen.thaw();
  process.once('exit', thaw);
  try {
    frozen.freeze();
    const fromUs = nowUs();
    await waitUntil(session, fromUs + freeze.forMs * 1_000);
    frozen.thaw();
    session.tellFrozen(freeze.role, frozen.pid, nowUs() - fromUs);
  } finally {
    frozen.thaw();
    process.off('exit', thaw);
  }
}

function firstOf({ processes }: Session, role: Freeze['role']): Freezable {
  const { servers, workers, publisher } = processes;
  const bulk = workers.filter((worker) => worker.role === 'worker');
  const candidates = { server: servers[0], worker: bulk[0], publisher };
  const found = candidates[role] ?? null;
  if (found === null) throw new Error(`no ${role} to stop in this run`);
  return found;
}

async function waitUntil(session: Session, dueUs: number): Promise<void> {
  await session.processes.guard(delay(Math.max(0, (dueUs - nowUs()) / 1_000), undefined, { ref: false }));
}
