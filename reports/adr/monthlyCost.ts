import type { Prices } from './decision.ts';
import type { Demand } from './demand.ts';
import { cornered, type Range } from './range.ts';
import { GIB } from './traffic.ts';

/** 365 days of 24 hours, over 12. */
export const HOURS_PER_MONTH = 730;

/** What one option costs in a month, in the currency of the prices. */
export interface MonthlyCost {
  readonly cpu: Range;
  readonly memory: Range;
  readonly traffic: Range;
  readonly total: Range;
}

/**
 * CPU and memory are paid for as they are kept ready for the peak, all hours of the month: what is used over the share of a
 * node that may be used. The bytes are those of the peak, all month: an upper bound for traffic that has quiet hours.
 */
export function monthlyCostOf(demand: Demand, prices: Prices, usableShare: number): MonthlyCost {
  const { processes, busCores, memoryBytes, bytesPerSecond } = demand;
  const cpu = cornered(
    [processes, busCores],
    // The processes hold the share already.
    (end) => (processes[end] + busCores[end]) * prices.perCoreHour * HOURS_PER_MONTH,
  );
  const memory = cornered(
    [memoryBytes],
    (end) => (memoryBytes[end] / GIB / usableShare) * prices.perGiBHour * HOURS_PER_MONTH,
  );
  const traffic = cornered(
    [bytesPerSecond],
    (end) => ((bytesPerSecond[end] * 3_600 * HOURS_PER_MONTH) / GIB) * prices.perGiBEgress,
  );
  const total = cornered([cpu, memory, traffic], (end) => cpu[end] + memory[end] + traffic[end]);
  return { cpu, memory, traffic, total };
}
