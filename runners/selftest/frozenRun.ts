import type { Freeze } from '../../contract/knownAnswer.ts';
import type { Run } from '../../contract/result.ts';
import { BATCH_MESSAGES } from '../publisher/requests.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import { Bench, type Measurement } from './bench.ts';
import { near, type Row, same } from './rows.ts';

/** A stop of a process in the window of a run. */
export interface Stall {
  /** Milliseconds of the stop, of the window, and between two messages. */
  readonly stopMs: number;
  readonly windowMs: number;
  readonly gapMs: number;
}

export interface FrozenRun {
  readonly run: Run;
  /** For how long the process really was stopped: from the one signal to the other. */
  readonly stoppedMs: number;
}

/** Share of the window after which the process is stopped: long enough after the edge's own questions. */
const STOP_AT = 0.3;

/** One run in which a process is stopped, and for how long it was. */
export async function measureFrozen(
  bench: Bench,
  role: Freeze['role'],
  { stopMs, windowMs, gapMs }: Stall,
  measurement: Measurement,
): Promise<FrozenRun> {
  let stoppedMs: number | null = null;
  const { progress } = bench.options;
  const listening = new Bench({
    ...bench.options,
    progress: (event) => {
      if (event.kind === 'frozen') stoppedMs = event.forUs / 1_000;
      progress(event);
    },
  });
  const run = await listening.measure({
    ...measurement,
    workload: { ratePerSecond: 1_000 / gapMs, durationMs: windowMs, ...measurement.workload },
    knownAnswer: {
      ...measurement.knownAnswer,
      freeze: { role, atMs: windowMs * STOP_AT, forMs: stopMs },
    },
  });
  if (stoppedMs === null) throw new Error(`the ${role} was not stopped: ${run.abortReason ?? 'no reason'}`);
  return { run, stoppedMs };
}

/** A process that goes on waits until another has used up its slice of a core: at most this. */
const WAKE_MS = 10;
/** To take one message of a backlog and hand it to its one subscriber, twice what it costs here. */
const BACKLOG_MS_PER_MESSAGE = 0.02;
/** Of HdrHistograms with three significant digits. */
const PRECISION = 0.001;

/**
 * Messages that come at a steady rate while nothing is handed on for S wait for what is left of S: in a window of T, a
 * share 1 - q of them waits longer than S - (1 - q) T, for every q above 1 - S / T. What bends it: the message is the unit
 * (one gap), the messages due before it and those in its batch are handed on before it, and the histogram rounds.
 */
export function stallRows(
  { run, stoppedMs }: FrozenRun,
  { windowMs, gapMs }: Stall,
  quantiles: readonly number[],
): Row[] {
  if (run.histograms.delivery === null) throw new Error('nothing was delivered in a run with a stop');
  const histogram = mergeHistograms([run.histograms.delivery]);
  const rows = quantiles.map((quantile) => {
    const expected = stoppedMs - (1 - quantile) * windowMs;
    const backlog = (stoppedMs - expected) / gapMs + BATCH_MESSAGES;
    return near(
      {
        claim: `delivery latency p${percentOf(quantile)}: S − (1 − q) T`,
        expected,
        measured: histogram.getValueAtPercentile(quantile * 100) / 1_000,
        tolerance: WAKE_MS + gapMs + backlog * BACKLOG_MS_PER_MESSAGE + expected * PRECISION,
      },
      ms,
    );
  });
  histogram.destroy();
  return rows;
}

/** What the run is called, with the reasons that make it so. */
export function invalidRow(claim: string, expected: string, { validity }: Run): Row {
  const codes = validity.reasons.flatMap(({ code, verdict }) => (verdict === 'INVALID' ? [code] : []));
  return same(claim, expected, codes.length === 0 ? 'not INVALID' : `INVALID: ${codes.sort().join(', ')}`);
}

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function percentOf(quantile: number): string {
  return String(Number((quantile * 100).toFixed(3)));
}
