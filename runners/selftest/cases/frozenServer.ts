import type { Run } from '../../../contract/result.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { invalidRow, measureFrozen, ms, type Stall, stallRows } from '../frozenRun.ts';
import { type Row, same, told } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const QUANTILES = [0.97, 0.98, 0.99, 0.995, 0.999] as const;
const CLOSED_LOOP_PER_SECOND = 100;

/**
 * The test for coordinated omission: a server stands still, and every message that was due meanwhile has to show it. One
 * connection in each room: a message is one delivery, so that 20 connections add nothing to what waits.
 */
export const frozenServer: SelftestCase = {
  name: 'frozen-server',
  title: 'A server that stands still',
  async run(bench) {
    const stall: Stall = bench.quick
      ? { stopMs: 700, windowMs: 10_000, gapMs: 1 }
      : { stopMs: 1_400, windowMs: 30_000, gapMs: 1 };
    const frozen = await measureFrozen(bench, 'server', stall, {
      stage: 'sse',
      variant: 'shared',
      workload: { connections: 20, rooms: 20 },
      knownAnswer: { closedLoopPerSecond: CLOSED_LOOP_PER_SECOND },
      expects: BENDING_TIMES,
    });
    const { run, stoppedMs } = frozen;
    const rows = [
      told('the stop as it was, of the one that was asked for', ms(stoppedMs), ms(stall.stopMs)),
      ...stallRows(frozen, stall, QUANTILES),
      invalidRow('whose fault it is: not the generator’s', 'not INVALID', run),
      waitRow(run),
      closedLoopRow(run, stall),
    ];
    // Were send lag said, it would be for the stop: no host makes a publisher late by a tenth of that.
    return unlessDisturbed(rows, [run], ['sendLag']);
  },
};

/** The publisher was in time; the server did not take what it had. */
function waitRow({ validity }: Run): Row {
  const waits = validity.reasons.some(({ code }) => code === 'publishWait');
  return same(
    'the wait of messages for the server is told',
    'publishWait',
    waits ? 'publishWait' : 'not told',
  );
}

/** It waits for the answer as the server stands still, and does not ask what it would have asked meanwhile. */
function closedLoopRow({ closedLoop }: Run, { stopMs, windowMs }: Stall): Row {
  const claim = 'the same stop for a tool that waits for each answer: p99';
  if (closedLoop === null) return told(claim, 'not measured');
  const { tool, p99Us, requestsPerSecond, seconds } = closedLoop;
  const p99 = p99Us === null ? 'below 1 ms' : ms(p99Us / 1_000);
  return told(
    claim,
    `${p99} (${tool}, ${Math.round(requestsPerSecond * seconds)} requests)`,
    `hidden; ${ms(stopMs - 0.01 * windowMs)} if it were not`,
  );
}
