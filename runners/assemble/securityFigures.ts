import type { SecurityFigures } from '../../contract/resultSpecial.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';

/** How connections were protected: what was asked for, and what the handshakes of the fleet agreed on. */
export function securityFigures({ plan, fleet }: Evidence, window: WindowEvidence | null): SecurityFigures {
  const agreed = fleet.find(({ tls }) => tls !== null)?.tls ?? null;
  return {
    kind: plan.security,
    tlsVersion: agreed?.version ?? null,
    cipher: agreed?.cipher ?? null,
    unauthenticated: sumByReason(window?.after.nodes.map(({ stats }) => stats.unauthenticated) ?? []),
  };
}

/** From the start of the nodes to the end of the window: clients connect before it. */
function sumByReason(nodes: readonly Readonly<Record<string, number>>[]): SecurityFigures['unauthenticated'] {
  const counts = new Map<string, number>();
  for (const [reason, count] of nodes.flatMap((node) => Object.entries(node))) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return [...counts].map(([reason, count]) => ({ reason, count }));
}
