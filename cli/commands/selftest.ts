import { type Command, Option } from 'commander';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import { executeSelftest } from '../executeSelftest.ts';
import type { Flags } from '../given.ts';
import { RESULTS_FOLDER } from '../outputDirectory.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';

const HELP = `
Runs the whole harness against instruments whose right figures are known: a server that is frozen,
loses or repeats exact counts of messages, leaks known bytes, burns known CPU; links with a known
delay; a frozen generator. Prints claim, expected, measured, tolerance and verdict, and writes
selftest.json and selftest.md. A case that the host disturbs is run again, up to three times.

--aa runs no cases, but the same build against itself: the scenario steady on sse (5,000
connections; with --quick a tenth), and what differs between the runs, metric by metric. Nothing
smaller than that can be told apart on this host. 10 runs take about 7 minutes.

Examples:
  bench selftest                             everything, within 8 minutes
  bench selftest --quick                     everything, shorter windows, within 3 minutes
  bench selftest --only ledger,link          some cases; \`bench list selftest\` shows them
  bench selftest --quick --json > out.json   for a pipeline
  bench selftest --aa 10                     how far runs of one build lie apart

Exit codes: 0 every claim holds, 2 bad usage, 3 disturbed every time, so that a claim was not shown
            (with --aa: a run was INVALID), 4 a claim failed, 130 interrupted`;

/** Adds `bench selftest`. */
export function addSelftest(program: Command, system: System, outcome: Outcome): void {
  const command = collectUnknown(program.command('selftest'))
    .description('prove the harness: measure what is known, and compare')
    .addOption(new Option('--quick', 'shorter windows and fewer connections, within 3 minutes'))
    .addOption(new Option('--only <cases>', 'some of the cases, as a list: ledger,link'))
    .addOption(
      new Option('--aa <runs>', 'runs of the same build against itself, 2 to 100, instead of the cases'),
    )
    .addOption(new Option('--seed <number>', 'seed of schedules and faults (default: 1)'))
    .addOption(
      new Option('--out <dir>', `folder of the outcome (default: ${RESULTS_FOLDER}/<time>-selftest)`),
    )
    .addOption(new Option('--json', 'print the outcome as JSON instead of the table'))
    .addHelpText('after', HELP);
  command.action(async (flags: Flags) => {
    outcome.exitCode = await executeSelftest(system, flags, unknownArguments(command));
  });
}
