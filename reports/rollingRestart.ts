import type { Run } from '../contract/result.ts';
import { formatCount } from './numbers.ts';

const POLICIES: Readonly<Record<string, string>> = {
  pick_first: 'first one first',
  round_robin: 'in turn',
  weighted_round_robin: 'in turn by weight',
};

/** `3 instances (etcd 3.4.23, chosen in turn) drained and were replaced one by one: …`; null where none were. */
export function rollingSentence({ rolling, fault, connections, deliveries }: Run): string | null {
  if (rolling === null) return null;
  const { instances, discovery, balance, moved, callsFailed, callsRetried } = rolling;
  const who = `${formatCount(instances.length)} instances (${discovery}, chosen ${POLICIES[balance] ?? balance}) drained and were replaced one by one`;
  const ledger = deliveries
    ? `, ${formatCount(deliveries.lost)} deliveries lost, ${formatCount(deliveries.duplicated)} duplicated`
    : '';
  const retried = callsRetried === 0 ? '' : `, ${formatCount(callsRetried)} tried again at another instance`;
  return `${who}: ${formatCount(moved)} streams moved, ${comeBack(fault, connections)}${ledger}; ${formatCount(callsFailed)} calls failed${retried}`;
}

/** A stream that is still trying at the end has not given up, and is not back either. */
function comeBack(fault: Run['fault'], { gaveUp }: Run['connections']): string {
  const away = fault === null ? gaveUp : fault.connectionsHit - fault.connectionsBack;
  if (away <= 0) return 'all back';
  return `${formatCount(away)} not back${gaveUp > 0 ? ` (${formatCount(gaveUp)} given up)` : ''}`;
}
