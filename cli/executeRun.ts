import { dirname } from 'node:path';
import type { Settings } from '../contract/config.ts';
import { EXIT, type ExitCode, type Fault } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';
import { loadConfigFile } from './configFile.ts';
import { exitCodeOf } from './exitCodeOf.ts';
import { type Export, readExport, writeExport } from './exportOption.ts';
import { type GivenOptions, given, isOn } from './given.ts';
import { listenForInterrupt } from './interrupt.ts';
import { openFile } from './openFile.ts';
import { linkLatest, prepareDirectory, removeEmpty, resultDirectory } from './outputDirectory.ts';
import { createProgress } from './progress.ts';
import { redactCommand } from './redactCommand.ts';
import { settle } from './settle.ts';
import type { System } from './system.ts';
import { systemFaultOf, systemFaultText } from './systemFault.ts';
import { writeRun } from './writeRun.ts';

/**
 * `bench run` from its options to its exit code: settle, plan, lock, run, write, tell.
 * @param unknown faults of the command line itself, reported with all others
 * @throws BenchError where a run is refused before any load starts, or its result cannot be written
 */
export async function executeRun(
  system: System,
  options: GivenOptions,
  unknown: readonly Fault[],
): Promise<ExitCode> {
  const faults = [...unknown];
  const exported = readExport(options, system.cwd, faults);
  const settings = await settingsOf(system, options, faults);
  const dryRun = isOn(options, 'dryRun');
  const plan = await planText(settings);
  (dryRun ? system.stdout : system.stderr).write(`${plan}\n`);
  if (dryRun) return EXIT.ok;
  const { underRunLock } = await import('../runners/lock.ts');
  // Until the report is written: drawing it takes a core, which would disturb the next run.
  return underRunLock(() => runAndWrite(system, options, settings, exported));
}

async function settingsOf(
  system: System,
  options: GivenOptions,
  unknown: readonly Fault[],
): Promise<Settings> {
  const named = given(options, 'config');
  const file = await loadConfigFile(system.cwd, named === undefined ? null : String(named.value));
  const configFolder = file.path === null ? system.cwd : dirname(file.path);
  return settle({ ...options, config: file.content, configFolder }, system.cwd, unknown);
}

async function planText(settings: Settings): Promise<string> {
  const { planRuns } = await import('../runners/plan.ts');
  const { describePlans } = await import('../runners/describePlan.ts');
  const { readLimits } = await import('../runners/samplers/limits.ts');
  const { describeCalibration } = await import('../runners/ceiling/describeCalibration.ts');
  const plans = planRuns(settings, readLimits());
  return [...describePlans(plans), ...(await describeCalibration(plans, settings.calibrate))].join('\n');
}

async function runAndWrite(
  system: System,
  options: GivenOptions,
  settings: Settings,
  exported: Export | null,
): Promise<ExitCode> {
  const named = given(options, 'out');
  const out = named === undefined ? null : String(named.value);
  const directory = resultDirectory(system.cwd, out, settings, new Date());
  const made = await prepareDirectory(directory);
  const progress = createProgress(system);
  const note = (text: string): void => progress.listen({ kind: 'note', text });
  // Listens until all is written, so that a late Ctrl-C does not cost the result.
  const interrupt = listenForInterrupt(system, () =>
    note('Stopping: what was measured is written. Ctrl-C again ends at once.'),
  );
  try {
    const { run } = await import('../runners/run.ts');
    const command = redactCommand(system.argv);
    const io = { progress: progress.listen, signal: interrupt.signal, directory, command };
    const result = await run(settings, io);
    const interrupted = interrupt.signal.aborted;
    progress.finish();
    const reportPath = await writeRun(result, directory);
    if (exported !== null) await writeExport(exported, result, directory);
    if (out === null) await linkLatest(directory);
    await tell(system, result, reportPath, isOn(options, 'json'));
    if (isOn(options, 'open')) await openFile(reportPath);
    tellFaults(system, result);
    return exitCodeOf(result, interrupted);
  } finally {
    progress.finish();
    interrupt.release();
    // A run that was refused has written nothing.
    await removeEmpty(made);
  }
}

function tellFaults(system: System, result: RunResult): void {
  for (const run of result.runs) {
    const fault = systemFaultOf(run);
    if (fault !== null) system.stderr.write(`${systemFaultText(run, fault)}\n`);
  }
}

async function tell(system: System, result: RunResult, reportPath: string, json: boolean): Promise<void> {
  if (json) {
    system.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const { terminalSummary } = await import('../reports/terminal.ts');
  const columns = Math.min(system.columns, 100);
  system.stdout.write(`${terminalSummary(result, { columns, colour: system.colour, reportPath })}\n`);
}
