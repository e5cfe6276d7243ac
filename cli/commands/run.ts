import { type Command, Option } from 'commander';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import type { Flags } from '../given.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS } from '../options.ts';
import type { Outcome } from '../program.ts';
import { RUN_OPTIONS, type RunOption } from '../runOptions.ts';
import type { System } from '../system.ts';

const HELP = `
Precedence: scenario < bench.config.ts < BENCH_* environment (BENCH_RATE for --rate, …) < flags.
Counts take k and m (20k, 1m); sizes take KB and MB (1KB = 1KiB = 1,024 bytes); times need a unit (20s, 2m = two minutes).

Examples:
  bench run --stage sse
  bench run --stage all
  bench run                                  the server that \`target\` in bench.config.ts starts, or stage sse
  bench run --stage sse:raw --scenario idle --connections 20k
  bench run --stage sse:raw,sse:shared --rate 800 --duration 30s --runs 3
  bench run --stage sse --scenario c100k --duration 2m
  bench run --stage ws-cluster --bus redis-pubsub,redis-streams
  bench run --stage poll,sse,ws --sweep connections=1k,5k,20k
  bench run --stage poll --poll-interval 5s --backend-delay 10ms
  bench run --stage sse --load-stages 10s@100,5s@1k,10s@100
  bench run --target http://127.0.0.1:9000 --path '/events?topic={topic}' \\
            --publish-url http://127.0.0.1:9000/publish --pid 4242
  bench run --target ws://127.0.0.1:9000 --publish-url /publish
  bench run --target http://127.0.0.1:9000 --header 'authorization: Bearer {token}' --tokens tokens.csv \\
            --publish-url /messages --publish-body-template '{"room":"{topic}","text":"{payload}"}'
  bench run --target 127.0.0.1:50051 --protocol grpc
  bench run --stage sse --threshold 'latencyUs.delivery.p99 < 50ms' --threshold 'deliveries.lost == 0'
  BENCH_RATE=800 bench run --stage sse --dry-run

Exit codes: 0 fine, 2 bad usage or config, 3 run invalid, 4 a threshold does not hold, 6 the system under
            test failed, 130 interrupted`;

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
    // Loaded when it is called for: all that a run needs would be read for `bench --help` too.
    const { executeRun } = await import('../executeRun.ts');
    outcome.exitCode = await executeRun(system, { flags, env: system.env }, unknownArguments(command));
  });
}

function runOption(option: RunOption): Option {
  const made = new Option(option.flag, option.description).helpGroup(`${option.group}:`);
  if (option.repeatable === undefined) return made;
  return made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}
