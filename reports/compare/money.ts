import type { ServerGroup } from './serverGroup.ts';

/** Currency of the money figures, which says where they come from example rates; null where there are none. */
export function moneyUnit(groups: readonly ServerGroup[]): string | null {
  const all = groups.flatMap(({ runs }) =>
    runs.flatMap(({ roi }) => (roi.money ? [roi.money.currency] : [])),
  );
  const names = [...new Set(all)];
  return names.length === 0 ? null : names.join(', ');
}
