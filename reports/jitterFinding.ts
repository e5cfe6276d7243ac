import type { WsArticleRow } from '../contract/result.ts';
import { median } from './statistics/theilSen.ts';

export interface JitterFinding {
  /** Median jitter of the levels up to the claimed number of connections, and above it. */
  readonly upTo: number;
  readonly above: number;
  /** Larger by more than `LEAST_RISE` above, and no level up to there jitters as much as any above. */
  readonly rises: boolean;
}

/** Jitter of a few samples scatters by that much from one run to the next: a smaller rise is none. */
export const LEAST_RISE = 1.5;

/** Whether memory jitters more above the claimed number of connections; null where one side was not measured. */
export function jitterFinding({ levels, claimAboveConnections }: WsArticleRow): JitterFinding | null {
  const of = (side: (connections: number) => boolean) =>
    levels.filter(({ connections }) => side(connections)).map(({ jitter }) => jitter);
  const below = of((connections) => connections <= claimAboveConnections);
  const beyond = of((connections) => connections > claimAboveConnections);
  if (below.length === 0 || beyond.length === 0) return null;
  const [upTo, above] = [median(below), median(beyond)];
  const areApart = Math.min(...beyond) > Math.max(...below);
  return { upTo, above, rises: areApart && above > upTo * LEAST_RISE };
}
