import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
 * run ends. How long it really was stopped is told, since a timer may come late.
 */
export async function freezeInWindow(session: Session, spec: PhaseSpec): Promise<void> {
  const freeze = session.plan.knownAnswer?.freeze ?? null;
  if (freeze === null) return;
  await waitUntil(session, spec.startUs + freeze.atMs * 1_000);
  const frozen = firstOf(session, freeze.role);
  const guard = await guardThaw(frozen.pid);
  try {
    frozen.freeze();
    const fromUs = nowUs();
    await waitUntil(session, fromUs + freeze.forMs * 1_000);
    // Both readings within the stop: on a busy machine it may be longer than that, never shorter.
    const forUs = nowUs() - fromUs;
    frozen.thaw();
    session.tellFrozen(freeze.role, frozen.pid, forUs);
  } finally {
    frozen.thaw();
    await guard.release();
  }
}

/**
 * A stopped process does not hear that its coordinator is gone, and would stay for ever: a shell waits for the end of a
 * pipe that ends with the coordinator, whatever ended it, and lets the process go on.
 */
async function guardThaw(pid: number): Promise<{ release(): Promise<void> }> {
  const shell = spawn('sh', ['-c', 'read -r end; kill -CONT "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // From the start: an interrupt from the terminal ends it before anybody asks.
  const gone = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  await once(shell, 'spawn');
  return {
    async release() {
      shell.stdin.destroy();
      await gone;
    },
  };
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
