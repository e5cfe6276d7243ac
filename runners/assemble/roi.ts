import type { CostRates, Scenario } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';

const MB = 1_000_000;
const GIB = 1_073_741_824;
const HOURS_PER_MONTH = 730;

/**
 * Stands in where the user gives no `cost`: an example, of the order of public on-demand prices, and called that wherever
 * it is shown.
 */
export const EXAMPLE_COST: CostRates = {
  perCoreHour: 0.04,
  perGiBHour: 0.005,
  perGiBEgress: 0.09,
  currency: 'USD at example rates',
};

type Figures = Pick<Run, 'deliveries' | 'memory' | 'cpu' | 'wire' | 'latencyUs'>;

/** Return on investment, three ways; see docs/method.md. */
export function roiFigures(
  run: Figures,
  scenario: Scenario,
  cost: CostRates,
  connections: number,
  fanOut: number,
): Run['roi'] {
  const qps = run.deliveries?.perSecond ?? null;
  const rss = run.memory.server.meanRssBytes;
  const perConnectionMb = rss === null || connections === 0 ? null : rss / connections / MB;
  const keeps = keepsObjective(run, scenario);
  return {
    qpsPerMbRss: qps === null || perConnectionMb === null ? null : qps / perConnectionMb,
    sloDeliveriesPerMbServer: qps === null || rss === null || !keeps ? null : qps / (rss / MB),
    money: money(run, cost, qps, fanOut),
  };
}

function keepsObjective(run: Figures, scenario: Scenario): boolean {
  const { delivery } = run.latencyUs ?? { delivery: null };
  const known = {
    0.5: delivery?.p50,
    0.9: delivery?.p90,
    0.95: delivery?.p95,
    0.99: delivery?.p99,
    0.999: delivery?.p999,
  };
  const quantile = Object.entries(known).find(([q]) => Number(q) >= scenario.sloQuantile);
  const latency = quantile?.[1] ?? null;
  return latency !== null && latency <= scenario.sloMs * 1_000 && run.deliveries?.lost === 0;
}

function money(
  run: Figures,
  cost: CostRates,
  qps: number | null,
  fanOut: number,
): NonNullable<Run['roi']['money']> {
  const memory = run.memory.server.rssPerConnectionBytes;
  // The kernel keeps two sockets for a loopback connection: one of them is the client's.
  const kernel = (run.memory.kernelPerConnectionBytes ?? 0) / 2;
  const us = cpuPerDelivery(run, fanOut);
  const bytes = run.wire.bytesReadPerDelivery;
  const isKnown = us !== null && bytes !== null && qps !== null;
  return {
    currency: cost.currency,
    perMillionDeliveries: isKnown
      ? (us / 3_600) * cost.perCoreHour + ((bytes * 1e6) / GIB) * cost.perGiBEgress
      : null,
    per100kConnectionMonth:
      memory === null ? null : (((memory + kernel) * 100_000) / GIB) * cost.perGiBHour * HOURS_PER_MONTH,
  };
}

/** Of everything that has to be paid for: the fan-out, its share of the ingest, and the broker's work. */
function cpuPerDelivery({ cpu }: Figures, fanOut: number): number | null {
  if (cpu.server.usPerDelivery === null) return null;
  const ingest = (cpu.server.usPerPublish ?? 0) / fanOut;
  return cpu.server.usPerDelivery + ingest + (cpu.broker?.usPerDelivery ?? 0);
}
