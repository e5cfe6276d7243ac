import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { FaultKind } from '../../contract/config.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';

/** Share of the window before the fault: the rest is for coming back, and for being seen well again. */
const FAULT_AT = 1 / 4;

/** Breaks what the scenario says, a quarter into the window; does nothing where it says nothing. */
export async function breakInWindow(session: Session, evidence: Evidence, spec: PhaseSpec): Promise<void> {
  const { fault } = session.plan.scenario;
  if (fault === 'none') return;
  const dueUs = spec.startUs + spec.durationUs * FAULT_AT;
  await session.processes.guard(delay(Math.max(0, (dueUs - nowUs()) / 1_000), undefined, { ref: false }));
  const progress = await session.progress();
  const droppedBefore = progress.reduce((sum, { dropped }) => sum + dropped, 0);
  const atUs = nowUs();
  await BREAK[fault](session);
  evidence.fault = { kind: fault, atUs, droppedBefore };
}

const BREAK: Readonly<Record<Exclude<FaultKind, 'none'>, (session: Session) => Promise<void>>> = {
  'cut-connections': async (session) => {
    const { workers } = session.processes;
    const cut = await session.processes.guard(Promise.all(workers.map((each) => each.request('cut', null))));
    session.note(`${cut.reduce((sum, count) => sum + count, 0)} connections cut`);
  },
  'rolling-restart': () => Promise.reject(new Error('instances do not restart yet')),
  // The last one: the profile pass looks at the first.
  'kill-node': async (session) => {
    const { servers, publisher } = session.processes;
    const node = servers.length - 1;
    // Without a bus the harness itself fans out to the nodes: it knows that this one is gone.
    const { subject } = session.plan;
    const isIndependent = subject.kind === 'reference' && subject.capabilities.publishTo === 'every-node';
    if (isIndependent && publisher !== null) {
      await session.processes.guard(publisher.request('forget', { node }));
    }
    servers[node].kill();
    session.note(`server node ${node} (pid ${servers[node].pid}) killed`);
  },
};
