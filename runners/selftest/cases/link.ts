import type { LinkSpec } from '../../../contract/link.ts';
import type { Run } from '../../../contract/result.ts';
import { mergeHistograms } from '../../recorders/histograms.ts';
import { sumOrNull } from '../../session/snapshot.ts';
import type { Bench, Measurement } from '../bench.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { near, type Row, told } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';
import { uniformBeyond } from '../uniform.ts';

const STAGES = [
  ['sse', 'shared'],
  ['ws', 'send'],
  ['grpc', 'server-stream'],
] as const;
const STEADY: LinkSpec = { rttMs: 80, jitterMs: 0 };
const JITTERY: LinkSpec = { rttMs: 80, jitterMs: 40 };
/** What the relay's own work and its timer may add: 1 ms, and 2 % of the delay. */
const TIMER_MS = 1;
const SHARE = 0.02;
/** Quantiles of `n` independent draws lie within so many standard errors of the true ones in 99.95 % of all runs. */
const Z = 3.5;
/** One message after the other to one client, far enough apart that none catches up with the one before it. */
const UNHURRIED = { connections: 100, rooms: 1, ratePerSecond: 20 } as const;
const QUANTILES = [0.1, 0.5, 0.9, 0.99] as const;

const ms = (value: number) => `${value.toFixed(1)} ms`;

/** The link that is offered to users adds what it says, and what it adds is in the figures. */
export const link: SelftestCase = {
  name: 'link',
  title: 'A link that adds a known delay',
  async run(bench) {
    const rows: Row[] = [];
    for (const [stage, variant] of STAGES) rows.push(...(await shiftRows(bench, { stage, variant })));
    return rows;
  },
};

/** The same of one that varies. */
export const linkJitter: SelftestCase = {
  name: 'link-jitter',
  title: 'A link whose delay varies by a known distribution',
  run: jitterRows,
};

async function shiftRows(bench: Bench, server: Pick<Measurement, 'stage' | 'variant'>): Promise<Row[]> {
  const measurement = {
    ...server,
    // A thousand messages: p99 then lies between two ranks. What a server compiles in its first second would be in only one of the runs.
    workload: { rooms: 20, ratePerSecond: 500, warmupMs: 1_000, durationMs: bench.quick ? 2_000 : 5_000 },
    expects: BENDING_TIMES,
  };
  const direct = await bench.measure(measurement);
  const linked = await bench.measure({ ...measurement, link: STEADY });
  const rows = (['min', 'p50', 'p90', 'p99'] as const).map((name) =>
    shiftRow(server.stage, name, direct, linked),
  );
  return unlessDisturbed(rows, [direct, linked]);
}

type Percentile = 'min' | 'p50' | 'p90' | 'p99';

function shiftRow(stage: string, name: Percentile, direct: Run, linked: Run): Row {
  const claim = `${stage}: ${name} of delivery latency with a round trip of ${STEADY.rttMs} ms, less without`;
  const expected = STEADY.rttMs / 2;
  const measured = differenceMs(linked.latencyUs?.delivery[name], direct.latencyUs?.delivery[name]);
  const uncertain =
    name === 'min' ? 0 : sumOrNull([uncertaintyMs(direct, name), uncertaintyMs(linked, name)]);
  // A few pauses of the server decide where its own p99 lies: a run that cannot tell it within bounds says nothing of its shift.
  if (name === 'p99' && uncertain === null)
    return told(
      claim,
      measured === null ? 'not defined' : ms(measured),
      `${ms(expected)}, not bounded in this window`,
    );
  const tolerance = TIMER_MS + expected * SHARE + (uncertain ?? 0);
  return near({ claim, expected, measured, tolerance }, ms);
}

/** Half of the interval within which a run leaves its percentile; null where it leaves none. */
function uncertaintyMs({ latencyIntervalsUs }: Run, name: Exclude<Percentile, 'min'>): number | null {
  const interval = latencyIntervalsUs?.[name] ?? null;
  return interval === null ? null : (interval.high - interval.low) / 2_000;
}

function differenceMs(a: number | null | undefined, b: number | null | undefined): number | null {
  return a == null || b == null ? null : (a - b) / 1_000;
}

/**
 * Each delivery is delayed by a draw of its own, uniform over the jitter round half of the round trip. Order within a
 * connection is kept, so that a message which comes less than the jitter after another may wait for it: hence the low rate.
 * What is expected is the sum of such a draw and of what the same server takes without a link.
 */
async function jitterRows(bench: Bench): Promise<Row[]> {
  const workload = { ...UNHURRIED, durationMs: bench.quick ? 2_000 : 5_000 };
  const server = { stage: 'sse', variant: 'shared', workload, expects: BENDING_TIMES };
  const direct = await bench.measure(server);
  const linked = await bench.measure({ ...server, link: JITTERY });
  const { rttMs, jitterMs } = JITTERY;
  const [own, seen] = [latenciesUs(direct), latenciesUs(linked)];
  const range = { fromUs: ((rttMs - jitterMs) / 2) * 1_000, overUs: jitterMs * 1_000 };
  const rows = QUANTILES.map((quantile) => {
    const standardErrorMs = jitterMs * Math.sqrt((quantile * (1 - quantile)) / seen.totalCount);
    const expected = uniformBeyond(own, range, quantile) / 1_000;
    return near(
      {
        claim: `p${quantile * 100} of delivery latency, the way being ${(rttMs - jitterMs) / 2} to ${(rttMs + jitterMs) / 2} ms long, uniformly`,
        expected,
        measured: seen.getValueAtPercentile(quantile * 100) / 1_000,
        tolerance: TIMER_MS + (SHARE * rttMs) / 2 + Z * standardErrorMs,
      },
      ms,
    );
  });
  own.destroy();
  seen.destroy();
  return unlessDisturbed(rows, [direct, linked]);
}

function latenciesUs({ histograms }: Run) {
  if (histograms.delivery === null) throw new Error('nothing was delivered over the link');
  return mergeHistograms([histograms.delivery]);
}
