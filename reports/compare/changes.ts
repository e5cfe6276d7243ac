import { significant } from '../numbers.ts';
import { METRIC } from './comparisonMetrics.ts';
import type { Delta, DeltaPair } from './delta.ts';
import { listOf } from './listOf.ts';
import { FEWEST_RUNS } from './mannWhitney.ts';

/** Figures that a headline names, in the order of their weight. */
const NAMED: ReadonlyMap<string, string> = new Map([
  [METRIC.ceiling.id, 'ceiling'],
  [METRIC.p99.id, 'p99'],
  [METRIC.memory.id, 'memory per connection'],
  [METRIC.cpu.id, 'CPU per delivery'],
]);

/** What changed between old and new, a clause per server: `sse:shared (old) to sse:shared (new): p99 30 % lower, better`. */
export function changes(pairs: readonly DeltaPair[]): string[] {
  return pairs.map(({ old, new: newer, deltas }) => {
    const named = deltas.filter(({ metric }) => NAMED.has(metric.id));
    return `${old.label} to ${newer.label}: ${clause(named)}`;
  });
}

function clause(deltas: readonly Delta[]): string {
  const changed = deltas.filter(({ outcome }) => outcome === 'better' || outcome === 'worse').map(change);
  const same = deltas.filter(({ outcome }) => outcome === 'same').map(nameOf);
  const untold = deltas.filter(({ outcome }) => outcome === 'tooFew');
  const [first] = untold;
  const parts = [
    ...changed,
    ...(same.length > 0 ? [`no difference in ${listOf(same)}`] : []),
    ...(first
      ? [`too few runs to tell ${listOf(untold.map(nameOf))} (${FEWEST_RUNS} on each side decide)`]
      : []),
  ];
  return parts.join(', ') || 'nothing to compare';
}

function change(delta: Delta): string {
  const { share, outcome } = delta;
  const size =
    share === null
      ? 'changed from 0'
      : `${significant(Math.abs(share) * 100)} % ${share > 0 ? 'higher' : 'lower'}`;
  return `${nameOf(delta)} ${size} (${outcome})`;
}

function nameOf({ metric }: Delta): string {
  return NAMED.get(metric.id) ?? metric.label;
}
