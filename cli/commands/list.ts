import type { Command } from 'commander';
import { EXIT, type Fault, UsageError } from '../../contract/errors.ts';
import { METRICS } from '../../contract/metrics.ts';
import { SCENARIOS } from '../../scenarios/registry.ts';
import { loadConfigFile } from '../configFile.ts';
import { nearest } from '../nearest.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';
import { textTable } from '../textTable.ts';

const LISTS = { stages: listStages, scenarios: listScenarios, metrics: listMetrics, selftest: listCases };
const NAMES = Object.keys(LISTS);

function isList(name: string): name is keyof typeof LISTS {
  return Object.hasOwn(LISTS, name);
}

const HELP = `
Examples:
  bench list               stages and scenarios
  bench list metrics       every path of result.json that tools may rely on, with its unit
  bench list selftest      the cases of bench selftest`;

/** Adds `bench list [stages|scenarios|metrics|selftest]`. */
export function addList(program: Command, system: System, outcome: Outcome): void {
  program
    .command('list')
    .argument('[what]', 'stages, scenarios, metrics or selftest')
    .description('list what there is')
    .addHelpText('after', HELP)
    .action(async (what: string | undefined) => {
      if (what !== undefined && !isList(what)) throw unknownList(what);
      const lists = what === undefined ? [listStages, listScenarios] : [LISTS[what]];
      const texts = await Promise.all(lists.map((list) => list(system)));
      system.stdout.write(`${texts.join('\n\n')}\n`);
      outcome.exitCode = EXIT.ok;
    });
}

function unknownList(what: string): UsageError {
  const expected = `one of ${NAMES.join(', ')}${nearest(what, NAMES)}`;
  return new UsageError([{ key: 'list', value: what, expected }], 'bench list --help shows them.');
}

async function listStages(): Promise<string> {
  const { STAGES } = await import('../../servers/registry.ts');
  const rows = STAGES.flatMap((stage) =>
    stage.variants.map((variant) => [
      `${stage.name}:${variant.name}`,
      variant.isDefault ? `${variant.tag}, default` : variant.tag,
      variant.summary,
    ]),
  );
  return textTable(['STAGE', 'TAG', 'WHAT IT IS'], rows);
}

async function listScenarios(system: System): Promise<string> {
  const builtIn = SCENARIOS.map((scenario) => [scenario.name, scenario.summary]);
  const { content } = await loadConfigFile(system.cwd, null);
  const faults: Fault[] = [];
  const { readConfig } = await import('../readConfig.ts');
  const own = [...readConfig(content, faults).scenarios].map(([name, { summary }]) => [name, summary]);
  if (faults.length > 0) throw new UsageError(faults, 'Mend the config file.');
  return textTable(['SCENARIO', 'WHAT LOAD MEANS'], [...builtIn, ...own]);
}

async function listMetrics(): Promise<string> {
  const rows = METRICS.map(({ path, unit, better, meaning }) => [path, unit, better ?? '-', meaning]);
  return textTable(['PATH, FROM runs[]', 'UNIT', 'BETTER', 'MEANING'], rows);
}

async function listCases(): Promise<string> {
  const { SELFTEST_CASES } = await import('../../runners/selftest/cases.ts');
  return textTable(
    ['CASE', 'WHAT IT SHOWS'],
    SELFTEST_CASES.map(({ name, title }) => [name, title]),
  );
}
