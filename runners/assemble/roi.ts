import type { CostRates, Scenario } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';

const MB = 1_000_000;
const GIB = 1_073_741_824;
const HOURS_PER_MONTH = 730;

type Figures = Pick<Run, 'deliveries' | 'memory' | 'cpu' | 'wire' | 'latencyUs'>;

/** Return on investment, three ways; see docs/method.md. */
export function roiFigures(
  run: Figures,
  scenario: Scenario,
  cost: CostRates | null,
  connections: number,
): Run['roi'] {
  const qps = run.deliveries?.perSecond ?? null;
  const rss = run.memory.server.meanRssBytes;
  const perConnectionMb = rss === null || connections === 0 ? null : rss / connections / MB;
  const keeps = keepsObjective(run, scenario);
  return {
    qpsPerMbRss: qps === null || perConnectionMb === null ? null : qps / perConnectionMb,
    sloDeliveriesPerMbServer: qps === null || rss === null || !keeps ? null : qps / (rss / MB),
    money: cost === null ? null : money(run, cost, qps),
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

function money(run: Figures, cost: CostRates, qps: number | null): NonNullable<Run['roi']['money']> {
  const memory = run.memory.server.rssPerConnectionBytes;
  const kernel = run.memory.kernelPerConnectionBytes;
  const us = run.cpu.server.usPerDelivery;
  const bytes = run.wire.bytesReadPerDelivery;
  const cpuCost = us === null ? null : (us / 3_600) * cost.perCoreHour;
  const egressCost = bytes === null ? 0 : ((bytes * 1e6) / GIB) * cost.perGiBEgress;
  return {
    currency: cost.currency,
    perMillionDeliveries: cpuCost === null || qps === null ? null : cpuCost + egressCost,
    per100kConnectionMonth:
      memory === null
        ? null
        : (((memory + (kernel ?? 0)) * 100_000) / GIB) * cost.perGiBHour * HOURS_PER_MONTH,
  };
}
