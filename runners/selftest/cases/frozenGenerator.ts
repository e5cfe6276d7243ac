import type { Run } from '../../../contract/result.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { invalidRow, measureFrozen, ms, type Stall, stallRows } from '../frozenRun.ts';
import { near, type Row, same } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const SERVER = { stage: 'sse', variant: 'shared' } as const;
/** A message is one delivery. */
const CLIENTS = { connections: 20, rooms: 20 } as const;

/** A client process that stands still stamps late what came in time: the figures are not the server's. */
export const frozenWorker: SelftestCase = {
  name: 'frozen-worker',
  title: 'A load worker that stands still',
  async run(bench) {
    const stall: Stall = { stopMs: 600, windowMs: bench.quick ? 2_500 : 5_000, gapMs: 5 };
    const { run } = await measureFrozen(bench, 'worker', stall, {
      ...SERVER,
      workload: CLIENTS,
      expects: BENDING_TIMES,
    });
    const rows = [
      invalidRow('what the run is called', 'INVALID: generatorStalled', run),
      same('families that it says are bent', 'latency, throughput', familiesOf(run, 'generatorStalled')),
    ];
    return unlessDisturbed(rows, [run], ['generatorStalled']);
  },
};

/** A publisher that stands still sends late: seen from when a message was due, that is latency. */
export const frozenPublisher: SelftestCase = {
  name: 'frozen-publisher',
  title: 'A publisher that stands still',
  async run(bench) {
    const stall: Stall = { stopMs: 700, windowMs: bench.quick ? 5_000 : 10_000, gapMs: 2 };
    const frozen = await measureFrozen(bench, 'publisher', stall, {
      ...SERVER,
      workload: CLIENTS,
      expects: BENDING_TIMES,
    });
    const { run } = frozen;
    const rows = [
      invalidRow('what the run is called', 'INVALID: generatorStalled, sendLag', run),
      ...stallRows(frozen, stall, [0.97, 0.99, 0.999]),
      serviceRow(run, stall),
    ];
    return unlessDisturbed(rows, [run], ['generatorStalled', 'sendLag']);
  },
};

/** Longest time for which a burst of everything that was due keeps the server, milliseconds for each message of it. */
const BURST_MS_PER_MESSAGE = 0.1;

/** The server was never late: measured from the send, nothing of the stop is seen but the burst after it. */
function serviceRow({ latencyUs }: Run, { stopMs, gapMs }: Stall): Row {
  const p99 = latencyUs?.service.p99 ?? null;
  return near(
    {
      claim: 'service latency p99, from the send on: the burst after the stop at most',
      expected: 0,
      measured: p99 === null ? null : p99 / 1_000,
      tolerance: (stopMs / gapMs) * BURST_MS_PER_MESSAGE,
    },
    ms,
  );
}

function familiesOf({ validity }: Run, code: string): string {
  const reason = validity.reasons.find((each) => each.code === code);
  return reason === undefined ? 'none' : reason.families.join(', ');
}
