import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../contract/errors.ts';
import { ownVersion } from '../runners/ownVersion.ts';
import { addAdr } from './commands/adr.ts';
import { addCompare } from './commands/compare.ts';
import { addDoctor } from './commands/doctor.ts';
import { addGate } from './commands/gate.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addSelftest } from './commands/selftest.ts';
import { addServe } from './commands/serve.ts';
import { reportError } from './reportError.ts';
import type { System } from './system.ts';

/** Takes a command's exit code out of commander, whose actions return nothing. */
export interface Outcome {
  exitCode: ExitCode;
}

const EXAMPLES = `
Examples:
  bench run --stage sse                              5,000 connections, to a report in under a minute
  bench run --stage all                              every stage under the same load, compared
  bench adr --to docs/decisions/0007-push.md         a decision record from that comparison
  bench run --stage ws --scenario c100k              100,000 live connections
  bench run --target http://127.0.0.1:9000 --publish-url http://127.0.0.1:9000/publish
  bench gate --base origin/main                      your server before and after a change, judged
  bench list                                         stages, scenarios, metrics
  bench serve --stage sse                            a reference server to try with curl
  bench selftest                                     the proof that figures are right, on this host

Exit codes: 0 fine, 1 internal error, 2 bad usage or config, 3 run invalid, 4 a threshold, a gate or a claim
            failed, 5 a gate is inconclusive (with --strict), 6 the system under test failed, 130 interrupted`;

/** Runs one command line and returns its exit code; never throws. */
export async function runCli(system: System): Promise<ExitCode> {
  const outcome: Outcome = { exitCode: EXIT.ok };
  try {
    const argv = system.argv.length === 0 ? ['--help'] : [...system.argv];
    await buildProgram(system, outcome).parseAsync(argv, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    // Help and version end in an exception that is no error.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    return reportError(error, system);
  }
}

/** Every command with its options; what it does is told to `outcome`. */
export function buildProgram(system: System, outcome: Outcome): Command {
  const program = new Command('bench')
    .description('Benchmarks server push: every delivery accounted for, what it cost, and a report.')
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => system.stdout.write(text),
      // Errors are told once, by reportError, with what to do about them.
      writeErr: () => {},
      getOutHelpWidth: () => system.columns,
      getOutHasColors: () => false,
    });
  for (const add of [
    addRun,
    addList,
    addServe,
    addDoctor,
    addReport,
    addCompare,
    addAdr,
    addGate,
    addInit,
    addSelftest,
  ])
    add(program, system, outcome);
  return program;
}
