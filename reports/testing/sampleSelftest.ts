import type { SelftestResult, SelftestRow } from '../../contract/selftest.ts';
import { SELFTEST_SCHEMA_VERSION } from '../../contract/selftest.ts';
import { sampleResult } from './sampleResult.ts';

/** A row with a verdict; the claim and its figures are long enough to need several lines. */
export function sampleRow(verdict: SelftestRow['verdict'], over: Partial<SelftestRow> = {}): SelftestRow {
  return {
    case: 'frozen-server',
    claim: 'p99 of delivery latency of a server that was frozen for 1.4 s of 30 s, which is S - (1 - q) T',
    expected: '1,100 ms',
    measured: '1,104 ms',
    tolerance: '±22 ms',
    figures: { expected: 1_100, measured: 1_104, tolerance: 22 },
    verdict,
    ...over,
  };
}

/** A plausible outcome of `bench selftest` with one case of these rows. */
export function sampleSelftest(
  rows: SelftestRow[] = [sampleRow('pass')],
  over: Partial<SelftestResult> = {},
): SelftestResult {
  const { tool, createdAt, host } = sampleResult();
  const verdicts = new Set(rows.map(({ verdict }) => verdict));
  const unlessFailed = verdicts.has('void') ? 'not shown' : 'pass';
  return {
    schemaVersion: SELFTEST_SCHEMA_VERSION,
    tool,
    createdAt,
    host,
    quick: true,
    seed: 1,
    durationMs: 95_000,
    status: 'complete',
    verdict: verdicts.has('fail') ? 'fail' : unlessFailed,
    cases: [
      {
        name: 'frozen-server',
        title: 'A server that stands still',
        attempts: 2,
        disturbances: ['other work on the host 0.50 cores'],
        durationMs: 12_000,
        rows,
      },
    ],
    noise: null,
    ...over,
  };
}

/** A study of noise as it is asked for, but for its number of runs. */
export const SAMPLE_STUDY = { stage: 'sse:shared', scenario: 'steady' };
