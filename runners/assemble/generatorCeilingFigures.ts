import type { Run } from '../../contract/result.ts';
import type { KnownCeiling } from '../ceiling/findCeilings.ts';

/**
 * The load of a run beside what the generator can take. Where clients poll on an interval their polls are the load, answered
 * with news or without; everywhere else it is the deliveries that were offered.
 */
export function generatorCeilingFigures(
  { ceiling }: KnownCeiling,
  { deliveries, polling }: Pick<Run, 'deliveries' | 'polling'>,
): Run['generatorCeiling'] {
  if (ceiling === null) return null;
  const isOnInterval = polling !== null && polling.intervalMs > 0;
  const offeredPerSecond = isOnInterval ? polling.sentPerSecond : (deliveries?.offeredPerSecond ?? null);
  const loadShare = offeredPerSecond === null ? null : offeredPerSecond / ceiling.deliveriesPerSecond;
  return { ...ceiling, offeredPerSecond, loadShare };
}

/** Why a reader does not find it. */
export function missingGeneratorCeiling(known: KnownCeiling): Run['notMeasured'] {
  if (known.ceiling !== null || known.why === null) return [];
  return [{ what: 'Load as a share of what the generator can take', why: known.why }];
}
