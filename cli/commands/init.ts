import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { BenchConfig } from '../../contract/config.ts';
import { EXIT, UsageError } from '../../contract/errors.ts';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import type { Flags } from '../given.ts';
import { answersOf, type Settled, settleAnswers } from '../init/answer.ts';
import { type ConfigPlace, configFileFor } from '../init/configFileFor.ts';
import { configOf, configText } from '../init/configText.ts';
import { ADDRESS, type Answers, INIT_KEYS, NONE } from '../init/questions.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';
import { PROTOCOLS } from '../targetProtocols.ts';

const HELP = `
At a terminal it asks what no flag says, and proposes what package.json, go.mod, Cargo.toml, requirements.txt or
pyproject.toml tell; elsewhere, and with --yes, it takes what they tell. It says what it took, and from where.

Examples:
  bench init
  bench init --yes --protocol ws --start 'node server.js' --path /ws
  bench init --yes --build 'go build -o srv .' --start './srv --port {port}' --ready /healthz --publish /publish
  bench init --yes --url http://127.0.0.1:9000 --publish none

Exit codes: 0 written, 2 bad usage or a config file that is there already, 130 interrupted`;

/** Adds `bench init`. */
export function addInit(program: Command, system: System, outcome: Outcome): void {
  const command = collectUnknown(program.command('init'))
    .description('write a bench.config.ts for a server of your own into this folder')
    .option('--protocol <name>', `what it speaks: ${PROTOCOLS.join(', ')}`)
    .option('--driver <file>', 'protocol custom: the driver of yours that speaks it')
    .option('--start <command>', 'what starts it; it gets PORT, and {port} is replaced')
    .option('--url <url>', 'address of a server that runs already, in place of --start')
    .option('--install <command>', `what installs its dependencies, or ${NONE}`)
    .option('--build <command>', `what builds it, or ${NONE}`)
    .option('--path <path>', 'where clients subscribe; {topic} is replaced by the room')
    .option('--publish <path>', `where messages are posted, or ${NONE}`)
    .option('--ready <path>', `what answers 2xx once it serves, or ${NONE}`)
    .option('--yes', 'ask nothing')
    .option('--force', 'write over a config file that is there')
    .addHelpText('after', HELP);
  command.action(async (flags: Flags) => {
    await init(system, flags, command);
    outcome.exitCode = EXIT.ok;
  });
}

async function init(system: System, flags: Flags, command: Command): Promise<void> {
  const faults = unknownArguments(command);
  if (flags.start !== undefined && flags.url !== undefined) {
    faults.push({ key: '--url', value: flags.url, expected: 'not together with --start: one or the other' });
  }
  if (flags.url !== undefined && !ADDRESS.test(String(flags.url))) {
    faults.push({ key: '--url', value: flags.url, expected: 'an address, such as http://127.0.0.1:9000' });
  }
  if (faults.length > 0) throw new UsageError(faults, 'bench init --help lists the flags.');
  const place = configFileFor(system.cwd, flags.force === true);
  const { lookAround } = await import('../init/lookAround.ts');
  const settled = await settleAnswers({
    given: givenAnswers(flags),
    clues: lookAround(system.cwd),
    ask: flags.yes === true ? null : system.ask,
    told: system.stderr,
  });
  const config = configOf(answersOf(settled));
  await check(config, system.cwd);
  await writeFile(place.path, configText(config, place.findsPackage));
  system.stdout.write(whatWasDone(place, settled));
}

function givenAnswers(flags: Flags): Answers {
  const { url, ...rest } = flags;
  const all: Flags = url === undefined ? rest : { ...rest, start: url };
  return Object.fromEntries(
    INIT_KEYS.flatMap((key) => (all[key] === undefined ? [] : [[key, String(all[key])]])),
  );
}

/** @throws UsageError naming the flags, where the run that the file stands for could not be settled */
async function check(config: BenchConfig, cwd: string): Promise<void> {
  const { DEFAULT_STAGE_NAME, STAGES } = await import('../../servers/registry.ts');
  const { resolveSettings } = await import('../resolveSettings.ts');
  try {
    const sources = { flags: {}, env: {}, stages: STAGES, defaultStage: DEFAULT_STAGE_NAME };
    resolveSettings({ ...sources, config, configFolder: cwd, cwd });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const faults = error.faults.map((fault) => ({
      ...fault,
      key: fault.key.replace('config.target.', '--'),
    }));
    // What else is wrong comes of these.
    const answered = faults.filter(({ key }) => key.startsWith('--'));
    throw new UsageError(
      answered.length > 0 ? answered : faults,
      'Nothing was written. bench init --help lists the flags.',
    );
  }
}

function whatWasDone({ name, isReplaced }: ConfigPlace, settled: Settled): string {
  const rows = INIT_KEYS.flatMap((key) => {
    const clue = settled[key];
    if (clue === undefined) return [];
    const name = key === 'start' && ADDRESS.test(clue.value) ? 'url' : key;
    return [[name, clue.value === '' ? NONE : clue.value, clue.from] as const];
  });
  const width = Math.max(...rows.map(([, value]) => value.length));
  const next = ADDRESS.test(settled.start?.value ?? '')
    ? [['npx bench run', 'one run, with a report']]
    : [
        ['npx bench run', 'starts it, loads it, and writes a report'],
        ['npx bench gate --base HEAD', 'your changes against the last commit'],
      ];
  return [
    `${isReplaced ? 'Wrote over' : 'Wrote'} ${name}:`,
    ...rows.map(([key, value, from]) => `  ${key.padEnd(8)}  ${value.padEnd(width)}  ${from}`),
    '',
    'Next:',
    ...[['npx bench run --dry-run', 'what a run would do'], ...next].map(
      ([command, what]) => `  ${command.padEnd(26)}  ${what}`,
    ),
    '',
  ].join('\n');
}
