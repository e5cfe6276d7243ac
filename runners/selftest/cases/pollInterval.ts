import type { Run } from '../../../contract/result.ts';
import { mergeHistograms } from '../../recorders/histograms.ts';
import type { Bench } from '../bench.ts';
import { BENDING_TIMES, unlessDisturbed } from '../disturbances.ts';
import { near, type Row } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';
import { distanceFromUniform } from '../uniform.ts';

const INTERVAL_MS = 400;
const WINDOW_INTERVALS = 5;
const QUANTILES = [0.5, 0.9, 0.99] as const;
/** The round trip is in what is expected, and in the tolerance: a fortieth of the interval is the most that it may make up. */
const ROUND_TRIP_MS = INTERVAL_MS / 40;
const CLIENTS = 100;
const PER_SECOND = 500;
/** Clients whose phases are independent draws, and the bound that Kolmogorov's statistic of so many keeps in 99.9 % of all runs. */
const PHASES = 1_000;
const KOLMOGOROV = 1.95 / Math.sqrt(PHASES);

/** All but polls that went out late: those would be the instrument's own. */
const MAY_BEND = BENDING_TIMES.filter((code) => code !== 'pollSchedule');

const ms = (value: number) => `${value.toFixed(1)} ms`;

/** Who asks every I finds a message after a wait that is uniform over I, and after the round trip of the poll. */
export const pollInterval: SelftestCase = {
  name: 'poll-interval',
  title: 'Clients that poll at a known interval',
  async run(bench) {
    return [...(await waitRows(bench)), ...(await phaseRows(bench))];
  },
};

function measure(bench: Bench, connections: number, ratePerSecond: number): Promise<Run> {
  return bench.measure({
    stage: 'poll',
    variant: 'conditional',
    workload: {
      connections,
      ratePerSecond,
      pollIntervalMs: INTERVAL_MS,
      pollJitter: 0,
      durationMs: INTERVAL_MS * WINDOW_INTERVALS * (bench.quick ? 1 : 2),
    },
    expects: MAY_BEND,
  });
}

/**
 * Messages come at even steps, over whole intervals: the waits of one client are then a lattice of that step, whatever
 * its phase, so that their mean lies within half a step of I/2, and a quantile within a step of its own. A poll that is late by
 * its timer makes one wait longer and the next one shorter, which only the ends of the distribution show. Where in the
 * round trip the server looks is not known: what was published by then is found, so that a wait may be off by as much.
 */
async function waitRows(bench: Bench): Promise<Row[]> {
  const run = await measure(bench, CLIENTS, PER_SECOND);
  const { polling, latencyUs } = run;
  if (polling === null || latencyUs === null) throw new Error('a run that polls tells nothing of its polls');
  const roundTripMs = (polling.roundTripUs.mean ?? 0) / 1_000;
  const lateMs = (polling.scheduleErrorUs.p99 ?? 0) / 1_000;
  const stepMs = 1_000 / PER_SECOND;
  const seen = latenciesUs(run);
  const rows = QUANTILES.map((quantile) =>
    near(
      {
        claim: `p${quantile * 100} of delivery latency: ${quantile} of the interval of ${INTERVAL_MS} ms, and the round trip of ${ms(roundTripMs)}`,
        expected: quantile * INTERVAL_MS + roundTripMs,
        measured: seen.getValueAtPercentile(quantile * 100) / 1_000,
        tolerance: stepMs + lateMs + roundTripMs,
      },
      ms,
    ),
  );
  seen.destroy();
  const mean = near(
    {
      claim: `mean delivery latency: half of the interval of ${INTERVAL_MS} ms, and the round trip of ${ms(roundTripMs)}`,
      expected: INTERVAL_MS / 2 + roundTripMs,
      measured: latencyUs.delivery.mean === null ? null : latencyUs.delivery.mean / 1_000,
      tolerance: stepMs / 2 + roundTripMs,
    },
    ms,
  );
  const roundTrip = near(
    {
      claim: 'mean round trip of a poll: so short that the wait cannot hide in it',
      expected: 0,
      measured: polling.roundTripUs.mean === null ? null : roundTripMs,
      tolerance: ROUND_TRIP_MS,
    },
    ms,
  );
  return unlessDisturbed([roundTrip, mean, ...rows], [run]);
}

/** One message in each interval, so that every client's wait is its phase: as many draws as there are clients. */
async function phaseRows(bench: Bench): Promise<Row[]> {
  const run = await measure(bench, PHASES, 1_000 / INTERVAL_MS);
  const seen = latenciesUs(run);
  const range = { fromUs: run.polling?.roundTripUs.p50 ?? 0, overUs: INTERVAL_MS * 1_000 };
  const distance = distanceFromUniform(seen, range);
  seen.destroy();
  const row = near(
    {
      claim: `phases of ${PHASES} clients: largest distance of their waits from a uniform distribution`,
      expected: 0,
      measured: distance,
      tolerance: KOLMOGOROV,
    },
    (share) => `${(share * 100).toFixed(1)} %`,
  );
  return unlessDisturbed([row], [run]);
}

function latenciesUs({ histograms }: Run) {
  if (histograms.delivery === null) throw new Error('nothing was delivered to clients that poll');
  return mergeHistograms([histograms.delivery]);
}
