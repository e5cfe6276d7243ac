import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import type { FaultKind } from '../../contract/config.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { FIRST_TURN_AT, restartInTurn } from './rollingRestart.ts';

/** Share of the window before the fault: the rest is for coming back, and for being seen well again. */
const FAULT_AT = 1 / 4;

/** Breaks what the scenario says, a quarter into the window or in turns through it; does nothing where it says nothing. */
export async function breakInWindow(session: Session, evidence: Evidence, spec: PhaseSpec): Promise<void> {
  const { fault } = session.plan.scenario;
  if (fault === 'none') return;
  const share = fault === 'rolling-restart' ? FIRST_TURN_AT : FAULT_AT;
  const dueUs = spec.startUs + spec.durationUs * share;
  await session.processes.guard(delay(Math.max(0, (dueUs - nowUs()) / 1_000), undefined, { ref: false }));
  const progress = await session.progress();
  const droppedBefore = progress.reduce((sum, { dropped }) => sum + dropped, 0);
  evidence.fault = { kind: fault, atUs: nowUs(), droppedBefore };
  await BREAK[fault](session, evidence, spec);
}

type Break = (session: Session, evidence: Evidence, spec: PhaseSpec) => Promise<void>;

const BREAK: Readonly<Record<Exclude<FaultKind, 'none'>, Break>> = {
  'cut-connections': async (session) => {
    const { workers } = session.processes;
    const cut = await session.processes.guard(Promise.all(workers.map((each) => each.request('cut', null))));
    session.note(`${cut.reduce((sum, count) => sum + count, 0)} connections cut`);
  },
  'rolling-restart': (session, { restarted }, spec) => restartInTurn(session, spec, restarted),
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
