import { BenchError, messageOf } from '../../contract/errors.ts';
import {
  SELFTEST_SCHEMA_VERSION,
  type SelftestCaseResult,
  type SelftestResult,
  type SelftestRow,
} from '../../contract/selftest.ts';
import { ownVersion } from '../ownVersion.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { readHostFacts } from '../samplers/hostFacts.ts';
import { Bench, type BenchOptions } from './bench.ts';
import { Disturbed } from './disturbances.ts';
import { waitForIdleHost } from './idleHost.ts';
import type { Row } from './rows.ts';
import type { SelftestCase } from './selftestCase.ts';

/** Attempts at a case that the host disturbs. */
const ATTEMPTS = 3;

/**
 * Puts the harness to the test, case by case; what an abort leaves is returned as well.
 * @param whenIdle waits before a further attempt until the host may be asked again; false: it never was idle
 */
export async function selftest(
  cases: readonly SelftestCase[],
  options: BenchOptions,
  whenIdle: WhenIdle = waitForIdleHost,
): Promise<SelftestResult> {
  await initHistograms();
  const patience = patienceOf(whenIdle);
  const started = startSelftest(options);
  const bench = new Bench(options);
  const results: SelftestCaseResult[] = [];
  for (const each of cases) {
    if (options.signal.aborted) break;
    const text = `Case ${results.length + 1} of ${cases.length}, ${each.name}: ${each.title}`;
    options.progress({ kind: 'note', text });
    const result = await runCase(each, bench, patience.wait);
    if (result === null) continue;
    if (result.disturbances.length === 0) patience.renew();
    results.push(result);
  }
  return started.end({ isComplete: results.length === cases.length, cases: results, noise: null });
}

function verdictOf(rows: readonly SelftestRow[], isComplete: boolean): SelftestResult['verdict'] {
  const verdicts = new Set(rows.map(({ verdict }) => verdict));
  if (verdicts.has('fail')) return 'fail';
  return isComplete && !verdicts.has('void') ? 'pass' : 'not shown';
}

/** What is known before anything was shown; the rest comes with its end. */
export function startSelftest({ quick, seed }: BenchOptions) {
  const createdAt = new Date().toISOString();
  const fromMs = performance.now();
  const host = readHostFacts();
  const end = ({ isComplete, cases, noise }: Shown): SelftestResult => {
    const rows = cases.flatMap((result) => result.rows);
    return {
      schemaVersion: SELFTEST_SCHEMA_VERSION,
      tool: { name: 'pushbench', version: ownVersion() },
      createdAt,
      host,
      quick,
      seed,
      durationMs: performance.now() - fromMs,
      status: isComplete ? 'complete' : 'aborted',
      verdict: verdictOf(rows, isComplete),
      cases,
      noise,
    };
  };
  return { end };
}

interface Shown {
  readonly isComplete: boolean;
  readonly cases: SelftestCaseResult[];
  readonly noise: SelftestResult['noise'];
}

type WhenIdle = (signal: AbortSignal) => Promise<boolean>;

interface Patience {
  wait(signal: AbortSignal): Promise<void>;
  renew(): void;
}

/** After a wait in vain there is none any more until a case went undisturbed: a host that is busy for long would double the time. */
function patienceOf(whenIdle: WhenIdle): Patience {
  let isLeft = true;
  return {
    wait: async (signal) => {
      if (isLeft) isLeft = await whenIdle(signal);
    },
    renew: () => {
      isLeft = true;
    },
  };
}

/** @returns null where it was interrupted */
async function runCase(
  { name, title, run }: SelftestCase,
  bench: Bench,
  wait: Patience['wait'],
): Promise<SelftestCaseResult | null> {
  const fromMs = performance.now();
  const disturbances: string[] = [];
  let rows: Row[] = [];
  let attempts = 0;
  let isDone = false;
  while (!isDone && attempts < ATTEMPTS) {
    try {
      if (attempts > 0) await wait(bench.options.signal);
      attempts++;
      rows = await run(bench);
      isDone = true;
    } catch (error) {
      if (bench.options.signal.aborted) return null;
      if (!(error instanceof Disturbed)) {
        rows = [broken(title, error)];
        break;
      }
      disturbances.push(...error.reasons);
      rows = [voided(title)];
      const next = attempts < ATTEMPTS ? 'once more' : 'nothing was shown';
      bench.options.progress({ kind: 'note', text: `The host disturbed it (${error.message}); ${next}.` });
    }
  }
  return {
    name,
    title,
    attempts,
    disturbances,
    durationMs: performance.now() - fromMs,
    rows: rows.map((row) => ({ case: name, ...row })),
  };
}

function voided(title: string): Row {
  return {
    claim: title,
    expected: 'a host that lets it be measured',
    measured: `disturbed in each of ${ATTEMPTS} attempts`,
    tolerance: '',
    figures: null,
    verdict: 'void',
  };
}

/** A case that could not be carried out must not cost what the others showed. */
function broken(title: string, error: unknown): Row {
  const hint = error instanceof BenchError ? ` ${error.hint}` : '';
  return {
    claim: title,
    expected: 'a case that comes to its end',
    measured: `${messageOf(error)}${hint}`,
    tolerance: '',
    figures: null,
    verdict: 'fail',
  };
}
