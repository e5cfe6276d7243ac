import { FAULTLESS, type InstrumentSpec } from '../../../contract/knownAnswer.ts';
import type { Run } from '../../../contract/result.ts';
import type { Bench } from '../bench.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { invalidRow, ms } from '../frozenRun.ts';
import { exactly, near, type Row } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const DELAY_MS = 300;
/** A timer of Node comes up to 2 ms late; the rest is what two short runs differ by. */
const DELAY_TOLERANCE_MS = 5;
const REFUSE_EVERY = 4;
/** What was refused never comes. */
const QUIET_MS = 500;

/** A warm-up and a window of whole fours: in each, exactly one publish in four is refused. */
const WORKLOAD = {
  connections: 20,
  rooms: 20,
  ratePerSecond: 400,
  warmupMs: 500,
  durationMs: 2_000,
} as const;
const MESSAGES = (WORKLOAD.ratePerSecond * WORKLOAD.durationMs) / 1_000;

/** A server that answers late, or refuses, is what is measured: a result, never an invalid run. */
export const slowServer: SelftestCase = {
  name: 'slow-server',
  title: 'A server that is slow, or refuses',
  async run(bench) {
    return [...(await delayRows(bench)), ...(await refusalRows(bench))];
  },
};

async function delayRows(bench: Bench): Promise<Row[]> {
  const faultless = await measure(bench, {});
  const slow = await measure(bench, { delayMs: DELAY_MS });
  const what = `each delivery held back for ${DELAY_MS} ms`;
  const rows = [
    invalidRow(`${what}: what the run is called`, 'not INVALID', slow),
    ...(['p50', 'p90', 'p99'] as const).map((key) => shiftRow(what, key, faultless, slow)),
    exactly(`${what}: lost`, 0, slow.deliveries?.lost ?? null),
  ];
  // Were send lag said, it would be for the delay: no host makes a publisher late by a tenth of it.
  return unlessDisturbed(rows, [faultless, slow], ['sendLag']);
}

async function refusalRows(bench: Bench): Promise<Row[]> {
  const refusing = await measure(bench, { refuseEvery: REFUSE_EVERY });
  const { deliveries, publish } = refusing;
  const refused = MESSAGES / REFUSE_EVERY;
  const what = `each publish number ${REFUSE_EVERY} refused`;
  const rows = [
    invalidRow(`${what}: what the run is called`, 'not INVALID', refusing),
    exactly(`${what}: refused`, refused, publish?.refused ?? null),
    // A subscriber does not get what was refused: in the ledger that is lost, and nothing else is.
    exactly(`${what}: lost`, refused, deliveries?.lost ?? null),
  ];
  return unlessDisturbed(rows, [refusing]);
}

function measure(bench: Bench, wrong: Partial<InstrumentSpec>): Promise<Run> {
  return bench.measure({
    stage: 'instrument',
    variant: 'sse',
    workload: WORKLOAD,
    knownAnswer: { server: { ...FAULTLESS, ...wrong }, drainQuietMs: QUIET_MS },
    expects: BENDING_TIMES,
  });
}

function shiftRow(what: string, key: 'p50' | 'p90' | 'p99', before: Run, after: Run): Row {
  const [from, to] = [before, after].map(({ latencyUs }) => latencyUs?.delivery[key] ?? null);
  return near(
    {
      claim: `${what}: delivery latency ${key} is later by`,
      expected: DELAY_MS,
      measured: from === null || to === null ? null : (to - from) / 1_000,
      tolerance: DELAY_TOLERANCE_MS,
    },
    ms,
  );
}
