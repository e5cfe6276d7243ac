import type { RollingFigures, Run } from '../../contract/result.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';

/** Which instances came and went in the window, and what that did to streams and calls; null: none did. */
export function rollingFigures(
  { fault, restarted, discovery, plan }: Evidence,
  window: WindowEvidence | null,
  connections: Run['connections'],
): RollingFigures | null {
  if (fault?.kind !== 'rolling-restart' || window === null) return null;
  return {
    discovery,
    balance: plan.discovery.balance,
    instances: [...restarted],
    moved: connections.dropped - fault.droppedBefore,
    callsFailed: window.publisher?.failed ?? 0,
    callsRetried: window.publisher?.retried ?? 0,
  };
}
