import { FAULTLESS } from '../../../contract/knownAnswer.ts';
import type { Run } from '../../../contract/result.ts';
import { HEARTBEAT_MS } from '../../samplers/heartbeat.ts';
import type { Bench } from '../bench.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { near, told } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const BLOCK_MS = 200;
/** So rarely that a p99 of the loop's delay does not see it. */
const BLOCK_EVERY_MS = 1_500;

/** A server whose event loop stands still for a known time, now and then. */
export const eventLoopDelay: SelftestCase = {
  name: 'loop',
  title: 'An event loop that stands still is seen, however rarely',
  async run(bench) {
    const heldRun = await loop(bench, BLOCK_MS);
    const freeRun = await loop(bench, 0);
    const held = heldRun.loop;
    const rows = [
      near(
        {
          claim: `latest heartbeat of a loop held for ${BLOCK_MS} ms every ${BLOCK_EVERY_MS} ms`,
          expected: BLOCK_MS,
          measured: ms(held?.latenessMaxUs),
          // Where in the time between two beats the block began is taken off: up to all of it.
          tolerance: HEARTBEAT_MS,
        },
        show,
      ),
      near(
        {
          claim: 'latest heartbeat of the same loop, not held: far from that',
          expected: 0,
          measured: ms(freeRun.loop?.latenessMaxUs),
          tolerance: BLOCK_MS / 4,
        },
        show,
      ),
      told('what the p99 of the built-in monitor says of the held loop', showOrNone(held?.delayP99Us)),
      told('what its maximum says', showOrNone(held?.delayMaxUs)),
    ];
    return unlessDisturbed(rows, [heldRun, freeRun]);
  },
};

function loop(bench: Bench, blockMs: number): Promise<Run> {
  return bench.measure({
    stage: 'instrument',
    variant: 'sse',
    workload: { ratePerSecond: 50, warmupMs: 0, durationMs: bench.quick ? 3_500 : 10_000 },
    knownAnswer: { server: { ...FAULTLESS, blockMs, blockEveryMs: BLOCK_EVERY_MS } },
    expects: BENDING_TIMES,
  });
}

function ms(us: number | null | undefined): number | null {
  return us === null || us === undefined ? null : us / 1_000;
}

function show(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function showOrNone(us: number | null | undefined): string {
  return us === null || us === undefined ? 'not measured' : show(us / 1_000);
}
