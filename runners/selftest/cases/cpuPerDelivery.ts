import { FAULTLESS } from '../../../contract/knownAnswer.ts';
import type { Run } from '../../../contract/result.ts';
import type { Bench } from '../bench.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { near } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

/** Ten times what a delivery costs at this rate without it: what that varies by from run to run is then far below the tolerance. */
const BURN_US = 400;
const TOLERANCE = 0.05;
/** 1,000 deliveries a second: 40 % of a core is burned, so that the server keeps up on any host. */
const LOAD = { connections: 20, ratePerSecond: 50 };

/** A server that uses a known amount of CPU time for each delivery. */
export const cpuPerDelivery: SelftestCase = {
  name: 'cpu',
  title: 'CPU per delivery is what a server uses',
  async run(bench) {
    const without = await measure(bench, 0);
    const burning = await measure(bench, BURN_US);
    const rows = [
      near(
        {
          claim: `CPU per delivery: what burns ${us(BURN_US)} less what burns nothing`,
          expected: BURN_US,
          measured: difference(burning.cpu.server.usPerDelivery, without.cpu.server.usPerDelivery),
          tolerance: TOLERANCE * BURN_US,
        },
        us,
      ),
    ];
    return unlessDisturbed(rows, [without, burning]);
  },
};

/** Ingest is not measured, and so is in both figures: it goes with the difference. */
function measure(bench: Bench, burnUs: number): Promise<Run> {
  return bench.measure({
    stage: 'instrument',
    variant: 'sse',
    workload: { ...LOAD, durationMs: bench.quick ? 2_000 : 5_000 },
    knownAnswer: { server: { ...FAULTLESS, burnUs } },
    expects: BENDING_TIMES,
  });
}

function difference(more: number | null, less: number | null): number | null {
  return more === null || less === null ? null : more - less;
}

function us(value: number): string {
  return `${value.toFixed(1)} µs`;
}
