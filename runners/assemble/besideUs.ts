import type { RunPlan } from '../plan.ts';
import { differenceOf } from '../samplers/hostDifference.ts';
import { othersCores } from '../samplers/othersWork.ts';
import type { Edge, Evidence, WindowEvidence } from '../session/evidence.ts';
import { hasLost, ROLES, roleDifference, type Snapshot } from '../session/snapshot.ts';

type SeenEdge = Pick<Edge, 'snapshot' | 'everybody'>;

/**
 * CPU that the work of others took in the window, in cores; null where it cannot be told from ours.
 *
 * Where all processes of the host can be seen, it is what those used that are not ours. Elsewhere (in a container) it is the
 * host's busy time less that of the roles, which counts the kernel's own work and the rounding of its clock ticks as well.
 */
export function workOfOthers(
  { subject }: Pick<RunPlan, 'subject'>,
  window: { readonly before: SeenEdge; readonly after: SeenEdge } | null,
): number | null {
  if (window === null || !isServerOurs(subject, window.before.snapshot)) return null;
  const { before, after } = window;
  if (before.everybody === null || after.everybody === null)
    return restOfHost(before.snapshot, after.snapshot);
  return othersCores(before.everybody, after.everybody, [
    ...pidsIn(before.snapshot),
    ...pidsIn(after.snapshot),
  ]);
}

/** "Others" would else be the target's own processes, or a bus that runs elsewhere on this host. */
function isServerOurs(subject: RunPlan['subject'], { roles }: Snapshot): boolean {
  if (subject.kind === 'reference') return subject.givenBus === null;
  return subject.target.launch !== null && roles.server.length > 0;
}

function pidsIn({ roles }: Snapshot): number[] {
  return ROLES.flatMap((role) => roles[role].map(({ pid }) => pid));
}

function restOfHost(before: Snapshot, after: Snapshot): number | null {
  // A node that is gone took its counters along.
  if (hasLost(before, after, ['server'])) return null;
  const { busyCores } = differenceOf(before.host, after.host);
  const { cpuUs, seconds } = roleDifference(before, after, ROLES);
  return busyCores === null || cpuUs === null ? null : busyCores - cpuUs / 1e6 / seconds;
}

/** Connections that were dropped because an accept queue was full, from before the first process of the run on. */
export function overflowsOf({ baseline, samples }: Evidence, window: WindowEvidence | null): number | null {
  const last = window?.after.snapshot ?? samples.at(-1);
  if (baseline === null || last === undefined) return null;
  return differenceOf(baseline.host, last.host).listenOverflows;
}
