import type { BalancePolicy, Instance } from '../../contract/discovery.ts';
import { SmoothWeights } from '../discovery/smoothWeights.ts';

/**
 * Whose turn it is, by policy: with `pick_first` always the first one's.
 * @param instances at least one
 * @param from how many turns were taken before, so that processes do not all begin with the same instance
 */
export function turnsOf(
  balance: BalancePolicy,
  instances: readonly Instance[],
  from: number,
): () => Instance {
  if (balance === 'pick_first') return () => instances[0];
  if (balance === 'round_robin') {
    let turn = from;
    return () => instances[turn++ % instances.length];
  }
  const smooth = new SmoothWeights(instances.map(({ weight }) => weight));
  for (let turn = 0; turn < from % instances.length; turn++) smooth.next();
  return () => instances[smooth.next()];
}
