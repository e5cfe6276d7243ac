import type { FlowStats } from '../../contract/flow.ts';
import type { FlowFigures } from '../../contract/result.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { flowLimits } from '../session/flowLimits.ts';

/** What the flow control of the server nodes did in the window; null: nobody saw it. */
export function flowFigures({ plan }: Evidence, window: WindowEvidence | null): FlowFigures | null {
  if (plan.subject.kind !== 'reference' || window === null || window.after.flow.length === 0) return null;
  const { after } = window;
  // A node that was killed took its figures along; it is the last one, see `procedures/fault.ts`.
  const before = window.before.flow.slice(0, after.flow.length);
  const count = (of: 'refusedPublishes' | 'refusedSubscribers' | 'stalls') =>
    Math.max(0, total(after.flow, of) - total(before, of));
  const { connectionMessages, connectionBytes } = flowLimits(plan.scenario);
  return {
    limitMessages: connectionMessages.high,
    limitBytes: connectionBytes.high,
    peakConnectionMessages: Math.max(...after.flow.map((stats) => stats.peakConnectionMessages)),
    peakConnectionBytes: Math.max(...after.flow.map((stats) => stats.peakConnectionBytes)),
    refusedPublishes: count('refusedPublishes'),
    refusedSubscribers: count('refusedSubscribers'),
    stalls: count('stalls'),
  };
}

function total(nodes: readonly FlowStats[], of: keyof FlowStats): number {
  return nodes.reduce((sum, stats) => sum + stats[of], 0);
}
