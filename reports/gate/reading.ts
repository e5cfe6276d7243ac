import type { Run } from '../../contract/result.ts';
import { isSearch } from '../compare/metric.ts';
import { backingOf, isBacked, PERCENTILES } from '../percentiles.ts';
import { messagesNeeded } from '../statistics/support.ts';
import { valueAt } from '../thresholds/valueAt.ts';

/** A figure of one run. `undefined`: measured, and worse than any number, as a percentile of what was lost; null: not measured. */
export type Reading = number | 'undefined' | null;

/** What a search for a ceiling takes before it raises the load; all else it takes under loads of its own. */
const BEFORE_A_SEARCH = /^(ceiling|closedLoop|connections|handshakeUs)\.|PerConnectionBytes$/;

/** The figure of a run at a path of `METRICS`, as a gate ranks it. */
export function readingOf(run: Run, path: string): Reading {
  if (isSearch(run) && !BEFORE_A_SEARCH.test(path)) return null;
  const value = valueAt(run, path);
  if (value.kind === 'number') return value.value;
  return value.kind === 'undefined' || isNeverReached(run, path) ? 'undefined' : null;
}

/** It was tried and did not come about: nothing arrived, not all came back, no rate kept the objective. */
function isNeverReached(run: Run, path: string): boolean {
  if (/^latencyUs\.(delivery|service)\./.test(path)) {
    return run.deliveries !== null && run.deliveries.expected > 0 && run.deliveries.received === 0;
  }
  if (path === 'fault.recoveredMs') return run.fault !== null;
  return path.startsWith('ceiling.') && run.ceiling !== null;
}

/** Fewest independent messages behind a percentile that they do not support; null where they do, or it is none. */
export function fewMessages(runs: readonly Run[], path: string): number | null {
  const [, stats, key] = /^(.+)\.(p\d+)$/.exec(path) ?? [];
  const percentile = PERCENTILES.find((one) => one.key === key);
  if (!stats || !percentile) return null;
  const counts = runs.flatMap((run) => {
    const messages = valueAt(run, `${stats}.messages`);
    return messages.kind === 'number' ? [messages.value] : [];
  });
  const fewest = Math.min(...counts);
  const backing = backingOf({ messages: fewest }, percentile.key);
  return counts.length === 0 || backing === null || isBacked(backing) ? null : fewest;
}

/** What the window has to be multiplied with for the percentile at a path to have the messages that it needs; 1: it has, or is none. */
export function windowsNeeded(runs: readonly Run[], path: string): number {
  const few = fewMessages(runs, path);
  const percentile = PERCENTILES.find(({ key }) => path.endsWith(`.${key}`));
  return few === null || !percentile ? 1 : messagesNeeded(percentile.quantile) / few;
}
