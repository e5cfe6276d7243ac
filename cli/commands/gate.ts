import { type Command, Option } from 'commander';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import { GATE_OPTIONS, type GateOption, SHARED_DESCRIPTIONS, SHARED_OPTIONS } from '../gate/gateOptions.ts';
import type { Flags } from '../given.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS } from '../options.ts';
import type { Outcome } from '../program.ts';
import { RUN_OPTIONS, type RunOption } from '../runOptions.ts';
import type { System } from '../system.ts';

const HELP = `
Measures two states of your server in turns on this machine and judges the second: config.target of
bench.config.ts says how it is built and started (\`bench init\` writes one). Both sides get the load
that the config file and the flags of this very call name. Each block holds two runs of each side, in
fresh processes, as ABBA or BAAB by chance, so that what drifts hits both alike. FAIL: the whole
interval of a metric is worse than its tolerance. PASS: none reaches beyond it. Else INCONCLUSIVE,
with the command that would settle it.

A name is a path where it begins with . or /, else a git ref, else a path: a folder is measured as it
is, a result of an earlier run is taken as measured.

Examples:
  bench gate --base origin/main                      the files as they are, against a branch
  bench gate --base v1.4.0 --head HEAD --strict      two commits; INCONCLUSIVE fails as well
  bench gate --base HEAD~1 --tolerance latencyUs.delivery.p99=5%,deliveries.lost=0
  bench gate --base main --blocks 12 --duration 8s --max-time 30m
  bench gate --base ../before --head ../after        two folders
  bench gate --base monday/result.json --head today  two results of this machine
  bench gate --base main --threshold 'latencyUs.delivery.p99 < 50ms'

Exit codes: 0 PASS, or INCONCLUSIVE with warn, 2 bad usage or config,
            3 INCONCLUSIVE, and every run invalid,
            4 FAIL, or a threshold not kept, 5 INCONCLUSIVE with --strict,
            6 the system under test failed, 130 interrupted`;

/** Adds `bench gate`. */
export function addGate(program: Command, system: System, outcome: Outcome): void {
  const command = collectUnknown(program.command('gate'))
    .description('judge a change of your server: two states measured in turns')
    .addHelpText('after', HELP);
  for (const option of Object.values(GATE_OPTIONS)) command.addOption(gateOption(option));
  for (const key of SHARED_OPTIONS) {
    const option: RunOption = RUN_OPTIONS[key];
    const { flag, description, group } = {
      ...option,
      description: SHARED_DESCRIPTIONS[key] ?? option.description,
    };
    command.addOption(made(flag, description, group, option.repeatable !== undefined));
  }
  for (const key of WORKLOAD_KEYS) {
    const { flag, description } = WORKLOAD_OPTIONS[key];
    if (flag !== null && !key.startsWith('profile'))
      command.addOption(made(flag, description, 'Load', false));
  }
  command.action(async (flags: Flags) => {
    const { executeGate } = await import('../gate/executeGate.ts');
    outcome.exitCode = await executeGate(system, { flags, env: system.env }, unknownArguments(command));
  });
}

function gateOption({ flag, description, group, isRepeatable }: GateOption): Option {
  return made(flag, description, group, isRepeatable === true);
}

function made(flag: string, description: string, group: string, isRepeatable: boolean): Option {
  const option = new Option(flag, description).helpGroup(`${group}:`);
  if (!isRepeatable) return option;
  return option.argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}
