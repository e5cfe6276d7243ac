import type { CostRates, Scenario } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';
import { isIngestApart } from './costFigures.ts';

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

type Figures = Pick<Run, 'deliveries' | 'memory' | 'cpu' | 'wire' | 'latencyUs' | 'bus'>;

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
    money: money(run, cost, qps, ingestShare(run, scenario, fanOut)),
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
  ingestUs: number,
): NonNullable<Run['roi']['money']> {
  const { kernelPerConnectionBytes: kernel, server } = run.memory;
  const memory = server.rssPerConnectionBytes;
  const us = cpuPerDelivery(run, ingestUs);
  const bytes = run.wire.bytesReadPerDelivery;
  const isKnown = us !== null && bytes !== null && qps !== null;
  return {
    currency: cost.currency,
    perMillionDeliveries: isKnown
      ? (us / 3_600) * cost.perCoreHour + ((bytes * 1e6) / GIB) * cost.perGiBEgress
      : null,
    per100kConnectionMonth:
      // Without the kernel's share it would be beside others that have it. Of its two sockets of a loopback connection,
      // one is the client's.
      memory === null || kernel === null
        ? null
        : (((memory + kernel / 2) * 100_000) / GIB) * cost.perGiBHour * HOURS_PER_MONTH,
  };
}

/** Of everything that has to be paid for: the fan-out, its share of the ingest, and the broker's work. */
function cpuPerDelivery({ cpu, bus }: Figures, ingestUs: number): number | null {
  // The work of a bus that runs elsewhere was not seen: without it the price would be too low.
  if (cpu.server.usPerDelivery === null || bus?.isGiven) return null;
  return cpu.server.usPerDelivery + ingestUs + (cpu.broker?.usPerDelivery ?? 0);
}

/** Share of a delivery in the ingest; 0 where the CPU per delivery holds it already. */
function ingestShare({ cpu }: Figures, scenario: Scenario, fanOut: number): number {
  return isIngestApart(scenario) ? (cpu.server.usPerPublish ?? 0) / fanOut : 0;
}
