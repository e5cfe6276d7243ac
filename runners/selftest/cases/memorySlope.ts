import { FAULTLESS } from '../../../contract/knownAnswer.ts';
import type { Run } from '../../../contract/result.ts';
import type { Bench } from '../bench.ts';
import { BENDING_TIMES } from '../disturbances.ts';
import { near } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

/** Well above what a connection takes anyway, so that the steps in which that grows stay far below the tolerance. */
const LEAK_BYTES = 96 * 1_024;
const TOLERANCE = 0.05;

/** A server that takes a known number of bytes for each connection, and never gives them back. */
export const memorySlope: SelftestCase = {
  name: 'memory',
  title: 'Memory per connection is the slope of what a server takes',
  async run(bench) {
    const without = await memory(bench, 0);
    const leaking = await memory(bench, LEAK_BYTES);
    return [
      near(
        {
          claim: `resident memory per connection: what leaks ${kib(LEAK_BYTES)} less what leaks nothing`,
          expected: LEAK_BYTES,
          measured: difference(leaking.rssPerConnectionBytes, without.rssPerConnectionBytes),
          tolerance: TOLERANCE * LEAK_BYTES,
        },
        kib,
      ),
    ];
  },
};

async function memory(bench: Bench, leakBytes: number): Promise<Run['memory']['server']> {
  const run = await bench.measure({
    stage: 'instrument',
    variant: 'sse',
    workload: {
      connections: 2_400,
      rooms: 20,
      memoryLevels: 7,
      // Memory is sampled while connections are made; what is published afterwards only ends the run.
      ratePerSecond: 20,
      warmupMs: 0,
      durationMs: 300,
    },
    knownAnswer: { server: { ...FAULTLESS, leakBytes } },
    expects: BENDING_TIMES,
  });
  return run.memory.server;
}

function difference(more: number | null, less: number | null): number | null {
  return more === null || less === null ? null : more - less;
}

function kib(bytes: number): string {
  return `${(bytes / 1_024).toFixed(2)} KiB`;
}
