import type { ServerGroup } from './serverGroup.ts';

/** True where no prices were configured and documented examples stand in for them. */
export function hasExampleRates(groups: readonly ServerGroup[]): boolean {
  return currencies(groups).some((currency) => /example/i.test(currency));
}

/** Currency of the money figures as a reader sees it; null where there are none. */
export function moneyUnit(groups: readonly ServerGroup[]): string | null {
  const names = currencies(groups);
  if (names.length === 0) return null;
  if (!hasExampleRates(groups)) return names.join(', ');
  const real = names.map((name) => name.replace(/[\s(,]*example( rates)?\)?/i, '').trim()).filter(Boolean);
  return `example rates${real.length > 0 ? ` (${real.join(', ')})` : ''}`;
}

function currencies(groups: readonly ServerGroup[]): string[] {
  const all = groups.flatMap(({ runs }) =>
    runs.flatMap(({ roi }) => (roi.money ? [roi.money.currency] : [])),
  );
  return [...new Set(all)];
}
