import type { Run } from '../contract/result.ts';
import { formatCount } from './numbers.ts';

const POLICIES: Readonly<Record<string, string>> = {
  pick_first: 'first one first',
  round_robin: 'in turn',
  weighted_round_robin: 'in turn by weight',
};

/** `3 instances (etcd 3.4.23, chosen in turn) drained and were replaced one by one: …`; null where none were. */
export function rollingSentence({ rolling, connections, deliveries }: Run): string | null {
  if (rolling === null) return null;
  const { instances, discovery, balance, moved, callsFailed, callsRetried } = rolling;
  const who = `${formatCount(instances.length)} instances (${discovery}, chosen ${POLICIES[balance] ?? balance}) drained and were replaced one by one`;
  const away = connections.gaveUp === 0 ? 'all back' : `${formatCount(connections.gaveUp)} given up`;
  const ledger = deliveries
    ? `, ${formatCount(deliveries.lost)} deliveries lost, ${formatCount(deliveries.duplicated)} duplicated`
    : '';
  const retried = callsRetried === 0 ? '' : `, ${formatCount(callsRetried)} tried again at another instance`;
  return `${who}: ${formatCount(moved)} streams moved, ${away}${ledger}; ${formatCount(callsFailed)} calls failed${retried}`;
}
