import type { FlowStats } from '../../contract/flow.ts';
import type { FlowFigures } from '../../contract/result.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { flowLimits } from '../session/flowLimits.ts';
import { closedWindow } from './closedWindow.ts';
import { nodeChanges, rise } from './nodeChanges.ts';

/** What the flow control of the server nodes did in the window; null: nobody saw it. */
export function flowFigures({ plan }: Evidence, measured: WindowEvidence | null): FlowFigures | null {
  const window = closedWindow(measured);
  if (plan.subject.kind !== 'reference' || window === null || window.after.nodes.length === 0) return null;
  const changes = nodeChanges(window);
  const count = (of: 'refusedPublishes' | 'refusedSubscribers' | 'stalls') =>
    rise(changes, ({ flow }) => flow[of]);
  const peak = (of: keyof FlowStats) => Math.max(...changes.map(({ after }) => after.flow[of]));
  const { connectionMessages, connectionBytes } = flowLimits(plan.scenario);
  return {
    limitMessages: connectionMessages.high,
    limitBytes: connectionBytes.high,
    peakConnectionMessages: peak('peakConnectionMessages'),
    peakConnectionBytes: peak('peakConnectionBytes'),
    refusedPublishes: count('refusedPublishes'),
    refusedSubscribers: count('refusedSubscribers'),
    stalls: count('stalls'),
  };
}
