import type { Run } from '../../contract/result.ts';

/** A figure of a run, or why there is none. */
export type MetricValue =
  | { readonly kind: 'number'; readonly value: number }
  /** Measured, and without a value: a percentile of which more than its tail was lost. */
  | { readonly kind: 'undefined' }
  | { readonly kind: 'unmeasured' };

/** What stands at a path of `METRICS` in a run. */
export function valueAt(run: Run, path: string): MetricValue {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let node: unknown = run;
  for (const key of keys) node = child(node, key);
  const value = child(node, last);
  if (typeof value === 'number') return { kind: 'number', value };
  return hasLostTail(node, last) ? { kind: 'undefined' } : { kind: 'unmeasured' };
}

function child(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && key in node ? Reflect.get(node, key) : null;
}

/** Figures of deliveries were taken, and this one is beyond what arrived. */
function hasLostTail(stats: unknown, key: string): boolean {
  return /^(p\d+|max)$/.test(key) && child(stats, key) === null && hasCounted(stats);
}

function hasCounted(stats: unknown): boolean {
  return ['count', 'deliveries', 'messages'].some((key) => Number(child(stats, key)) > 0);
}
