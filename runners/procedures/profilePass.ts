import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProfileKind } from '../../contract/config.ts';
import { requireClinic } from '../profilers/clinic.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { drain, followPhase } from '../session/window.ts';
import { clinicPass } from './clinicPass.ts';

const INTERVAL_US = 200;
/** Fewer busy samples than this say little about where the time went. */
export const ENOUGH_SAMPLES = 500;

const EXTENSION = { cpu: 'cpuprofile', heap: 'heapprofile' } as const;

/** The same load for a few seconds after the measured window, since profiling disturbs. */
export async function profilePass(session: Session, evidence: Evidence, directory: string): Promise<void> {
  const { profile, ratePerSecond } = session.plan.scenario;
  if (session.processes.servers.length === 0 || ratePerSecond === 0) return;
  if (isInspector(profile)) await profileAt(session, evidence, directory, profile, ratePerSecond);
  else if (isClinic(profile)) await clinicPass(session, evidence, directory, CLINIC_TOOL[profile]);
}

/** @throws BenchError where a profiler that was asked for is not there. */
export function requireProfiler(profile: ProfileKind): void {
  if (isClinic(profile)) requireClinic(CLINIC_TOOL[profile]);
}

const CLINIC_TOOL = {
  'clinic-flame': 'flame',
  'clinic-doctor': 'doctor',
  'clinic-bubbleprof': 'bubbleprof',
} as const;

function isClinic(profile: ProfileKind): profile is keyof typeof CLINIC_TOOL {
  return Object.hasOwn(CLINIC_TOOL, profile);
}

function isInspector(profile: ProfileKind): profile is 'cpu' | 'heap' {
  return profile === 'cpu' || profile === 'heap';
}

/** Profiles server node 0 under a given rate. */
export async function profileAt(
  session: Session,
  evidence: Evidence,
  directory: string,
  kind: 'cpu' | 'heap',
  ratePerSecond: number,
): Promise<void> {
  const [node] = session.processes.servers;
  const folder = join(directory, 'profiles');
  await mkdir(folder, { recursive: true });
  const name = `${session.plan.order}-server-0.${EXTENSION[kind]}`;
  await session.processes.guard(node.request('profileStart', { kind, intervalUs: INTERVAL_US }));
  const running = await session.phase('profile', ratePerSecond, session.plan.scenario.profileMs);
  await followPhase(session, running);
  await session.processes.guard(running.publisher);
  const { samples } = await session.processes.guard(
    node.request('profileStop', { path: join(folder, name) }),
  );
  await drain(session, [running.spec]);
  await session.collect(running.spec);
  evidence.profiles.push({
    kind,
    role: 'server 0',
    path: `profiles/${name}`,
    samples,
    unit: kind === 'cpu' ? 'us' : 'bytes',
    note:
      kind === 'cpu' && samples < ENOUGH_SAMPLES
        ? `too few samples: ${samples}, ${ENOUGH_SAMPLES} needed`
        : null,
  });
}
