import { join } from 'node:path';
import { EXIT, type ExitCode, type Fault } from '../contract/errors.ts';
import type { SelftestResult } from '../contract/selftest.ts';
import type { BenchOptions } from '../runners/selftest/bench.ts';
import type { Flags } from './given.ts';
import { type Interrupt, listenForInterrupt } from './interrupt.ts';
import { namedDirectory, prepareDirectory, removeEmpty, timedDirectory } from './outputDirectory.ts';
import { createProgress } from './progress.ts';
import { type SelftestChoice, selftestChoice } from './selftestOptions.ts';
import type { System } from './system.ts';

/**
 * `bench selftest` from its flags to its exit code: lock, measure, write, tell.
 * @param unknown faults of the command line itself, reported with all others
 * @throws BenchError where it is refused before anything was started, or the outcome cannot be written
 */
export async function executeSelftest(
  system: System,
  flags: Flags,
  unknown: readonly Fault[],
): Promise<ExitCode> {
  const { SELFTEST_CASES } = await import('../runners/selftest/cases.ts');
  const choice = selftestChoice(flags, SELFTEST_CASES, unknown);
  const { underRunLock } = await import('../runners/lock.ts');
  return underRunLock(() => measureAndWrite(system, choice));
}

async function measureAndWrite(system: System, choice: SelftestChoice): Promise<ExitCode> {
  const directory = namedDirectory(system.cwd, choice.out ?? timedDirectory('selftest'));
  const made = await prepareDirectory(directory);
  const progress = createProgress(system);
  const note = (text: string): void => progress.listen({ kind: 'note', text });
  // Listens until all is written, so that a late Ctrl-C does not cost the table.
  const interrupt = listenForInterrupt(system, () =>
    note('Stopping: what was shown so far is written. Ctrl-C again ends at once.'),
  );
  try {
    const { quick, seed } = choice;
    const options = { quick, seed, progress: progress.listen, signal: interrupt.signal };
    note(await expectation(choice));
    const result = await measure(choice, options);
    progress.finish();
    await writeAll(result, directory);
    await tell(system, result, directory, choice.json);
    return exitCodeOfSelftest(result, interrupt);
  } finally {
    progress.finish();
    interrupt.release();
    await removeEmpty(made);
  }
}

async function measure({ cases, runs }: SelftestChoice, options: BenchOptions): Promise<SelftestResult> {
  if (runs !== null) {
    const { measureNoise } = await import('../runners/selftest/noise.ts');
    return measureNoise(runs, options);
  }
  const { selftest } = await import('../runners/selftest/selftest.ts');
  return selftest(cases, options);
}

/** What is about to happen, and for how long. */
async function expectation({ cases, quick, runs, seed }: SelftestChoice): Promise<string> {
  if (runs === null) {
    const { SELFTEST_CASES } = await import('../runners/selftest/cases.ts');
    const time = `all of them take at most ${quick ? 3 : 8} minutes on an idle machine`;
    return `Selftest: ${cases.length} of ${SELFTEST_CASES.length} cases; ${time}.`;
  }
  const { noiseSettings } = await import('../runners/selftest/noise.ts');
  const { planRuns } = await import('../runners/plan.ts');
  const { readLimits } = await import('../runners/samplers/limits.ts');
  const plans = planRuns(noiseSettings(runs, { quick, seed }), readLimits());
  const seconds = plans.reduce((sum, { expectedMs }) => sum + expectedMs, 0) / 1_000;
  const time = seconds < 100 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
  return `The same build against itself, ${runs} runs: about ${time}.`;
}

async function writeAll(result: SelftestResult, directory: string): Promise<void> {
  const { writeSelftest } = await import('../reports/selftest/selftestFile.ts');
  const { selftestMarkdown } = await import('../reports/selftest/selftestMarkdown.ts');
  const { writeWhole } = await import('../reports/writeWhole.ts');
  await writeSelftest(result, directory);
  await writeWhole(join(directory, 'selftest.md'), selftestMarkdown(result));
}

async function tell(system: System, result: SelftestResult, directory: string, json: boolean): Promise<void> {
  if (json) {
    system.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const { selftestText } = await import('../reports/selftest/selftestTerminal.ts');
  const { columns, colour } = system;
  system.stdout.write(`${selftestText(result, { columns, colour, directory })}\n`);
}

/** What the outcome says to the shell: a claim that failed weighs more than one that was not shown. */
export function exitCodeOfSelftest(result: SelftestResult, { signal }: Pick<Interrupt, 'signal'>): ExitCode {
  if (signal.aborted) return EXIT.interrupted;
  const verdicts = result.cases.flatMap(({ rows }) => rows.map(({ verdict }) => verdict));
  if (verdicts.includes('fail')) return EXIT.thresholdFailed;
  if (verdicts.includes('void') || result.noise?.verdicts.includes('INVALID')) return EXIT.invalid;
  return result.status === 'complete' ? EXIT.ok : EXIT.internal;
}
