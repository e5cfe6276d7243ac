import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Settings } from '../../contract/config.ts';
import { BenchError, EXIT, type ExitCode } from '../../contract/errors.ts';
import type { RunResult } from '../../contract/result.ts';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import { loadConfigFile } from '../configFile.ts';
import { exitCodeOf } from '../exitCodeOf.ts';
import { type Flags, type GivenOptions, given, isOn } from '../given.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { openFile } from '../openFile.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS } from '../options.ts';
import { linkLatest, prepareDirectory, resultDirectory } from '../outputDirectory.ts';
import type { Outcome } from '../program.ts';
import { createProgress } from '../progress.ts';
import { redactCommand } from '../redactCommand.ts';
import { resolveSettings } from '../resolveSettings.ts';
import { RUN_OPTIONS, type RunOption } from '../runOptions.ts';
import type { System } from '../system.ts';

const HELP = `
Precedence: scenario < bench.config.ts < BENCH_* environment (BENCH_RATE for --rate, …) < flags.
Counts take k and m (20k, 1m); sizes take KB and MB (1KB = 1KiB = 1,024 bytes); times need a unit (20s, 2m = two minutes).

Examples:
  bench run --stage sse
  bench run --stage sse:raw --scenario idle --connections 20k
  bench run --stage sse:raw,sse:shared --rate 800 --duration 30s --runs 3
  bench run --stage sse --scenario c100k --duration 2m
  bench run --target http://127.0.0.1:9000 --path '/events?topic={topic}' \\
            --publish-url http://127.0.0.1:9000/publish --pid 4242
  BENCH_RATE=800 bench run --stage sse --dry-run

Exit codes: 0 fine, 2 bad usage or config, 3 run invalid, 6 the system under test failed, 130 interrupted`;

/** Adds `bench run`. */
export function addRun(program: Command, system: System, outcome: Outcome): void {
  const command = collectUnknown(program.command('run'))
    .description('start a stage, put the load on it, measure, write a report')
    .addHelpText('after', HELP);
  for (const option of Object.values(RUN_OPTIONS)) command.addOption(runOption(option));
  for (const key of WORKLOAD_KEYS) {
    const { flag, description } = WORKLOAD_OPTIONS[key];
    if (flag !== null) command.addOption(new Option(flag, description).helpGroup('Load:'));
  }
  command.addOption(new Option('--no-profile', 'no profile pass').helpGroup('Load:'));
  command.action(async (flags: Flags) => {
    outcome.exitCode = await executeRun(system, { flags, env: system.env }, command);
  });
}

function runOption(option: RunOption): Option {
  const made = new Option(option.flag, option.description).helpGroup(`${option.group}:`);
  if (option.repeatable === undefined) return made;
  return made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

async function executeRun(system: System, options: GivenOptions, command: Command): Promise<ExitCode> {
  const settings = await settingsOf(system, options, command);
  const dryRun = isOn(options, 'dryRun');
  const out = given(options, 'out');
  const directory = resultDirectory(
    system.cwd,
    out === undefined ? null : String(out.value),
    settings,
    new Date(),
  );
  if (!dryRun) await prepareDirectory(directory);
  const plan = await planText(settings);
  (dryRun ? system.stdout : system.stderr).write(`${plan}\n`);
  if (dryRun) return EXIT.ok;
  const { result, interrupted } = await runLocked(system, settings, directory);
  const reportPath = await writeAll(result, directory);
  if (out === undefined) await linkLatest(directory);
  await tell(system, result, reportPath, isOn(options, 'json'));
  if (isOn(options, 'open')) await openFile(reportPath);
  return exitCodeOf(result, interrupted);
}

async function settingsOf(system: System, options: GivenOptions, command: Command): Promise<Settings> {
  const { STAGES } = await import('../../servers/registry.ts');
  const named = given(options, 'config');
  const file = await loadConfigFile(system.cwd, named === undefined ? null : String(named.value));
  return resolveSettings({
    ...options,
    config: file.content,
    stages: STAGES,
    faults: unknownArguments(command),
  });
}

async function planText(settings: Settings): Promise<string> {
  const { planRuns } = await import('../../runners/plan.ts');
  const { describePlan } = await import('../../runners/describePlan.ts');
  const { readLimits } = await import('../../runners/samplers/limits.ts');
  return planRuns(settings, readLimits()).flatMap(describePlan).join('\n');
}

interface Finished {
  readonly result: RunResult;
  readonly interrupted: boolean;
}

async function runLocked(system: System, settings: Settings, directory: string): Promise<Finished> {
  const { acquireRunLock } = await import('../../runners/lock.ts');
  const { run } = await import('../../runners/run.ts');
  const lock = await acquireRunLock();
  const progress = createProgress(system);
  const interrupt = listenForInterrupt(system, () => {
    progress.listen({
      kind: 'note',
      text: 'Stopping: what was measured is written. Ctrl-C again ends at once.',
    });
  });
  try {
    const io = {
      progress: progress.listen,
      signal: interrupt.signal,
      directory,
      command: redactCommand(system.argv),
    };
    const result = await run(settings, io);
    return { result, interrupted: interrupt.signal.aborted };
  } finally {
    progress.finish();
    interrupt.release();
    await lock.release();
  }
}

async function writeAll(result: RunResult, directory: string): Promise<string> {
  const { writeResult } = await import('../../reports/resultFile.ts');
  const { writeReport } = await import('../../reports/writeReport.ts');
  try {
    await writeResult(result, directory);
    await writeReport(result, directory);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    throw new BenchError(`${directory}: the disk is full; the result is incomplete.`, {
      exitCode: EXIT.usage,
      hint: `Free some space; where result.json is whole, \`bench report ${directory}\` writes the report again.`,
      cause: error,
    });
  }
  return join(directory, 'report.html');
}

async function tell(system: System, result: RunResult, reportPath: string, json: boolean): Promise<void> {
  if (json) {
    system.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const { terminalSummary } = await import('../../reports/terminal.ts');
  const columns = Math.min(system.columns, 100);
  system.stdout.write(`${terminalSummary(result, { columns, colour: system.colour, reportPath })}\n`);
}
