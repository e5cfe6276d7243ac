import type { SecurityFigures } from '../../contract/resultSpecial.ts';
import type { Evidence } from '../session/evidence.ts';

/** How connections were protected: what was asked for, and what the handshakes of the fleet agreed on. */
export function securityFigures({ plan, fleet }: Evidence): SecurityFigures {
  const agreed = fleet.find(({ tls }) => tls !== null)?.tls ?? null;
  return {
    kind: plan.security,
    tlsVersion: agreed?.version ?? null,
    cipher: agreed?.cipher ?? null,
    unauthenticated: [],
  };
}
