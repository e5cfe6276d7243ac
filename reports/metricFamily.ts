import type { Family } from '../contract/result.ts';

/** The first pattern that a path matches names its family; none: it is a count of the ledger or of connections. */
const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^(memory|handles|plan)\.|^bus\.brokerRss|^gc\.allocated/, 'memory'],
  [/^(latencyUs|handshakeUs|loop|gc)\.|^fault\.(before|during|after)\.|^slow\.delivery\./, 'latency'],
  [/Us\.\w+$/, 'latency'],
  [/[pP]erSecond$|^(cpu|io|wire|roi|ceiling|generatorCeiling|closedLoop)\./, 'throughput'],
];

/** The family of figures whose validity says how far a path of `METRICS` can be trusted. */
export function metricFamily(path: string): Family {
  return FAMILIES.find(([pattern]) => pattern.test(path))?.[1] ?? 'deliveries';
}
