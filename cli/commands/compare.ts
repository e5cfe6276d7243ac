import { existsSync } from 'node:fs';
import { realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, UsageError } from '../../contract/errors.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import type { StoredSource } from '../../reports/compare/writeComparison.ts';
import { openFile } from '../openFile.ts';
import { namedDirectory, prepareDirectory, RESULTS_FOLDER, timedDirectory } from '../outputDirectory.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';

const HELP = `
Examples:
  bench compare results/monday results/tuesday      old and new, what changed and what did not
  bench compare results/monday                      against the latest result
  bench compare sse/result.json ws/result.json --json

Differences of host, Node or load are named on stderr, and in the report.`;

interface CompareFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly open?: boolean;
}

/** Adds `bench compare A B…`. */
export function addCompare(program: Command, system: System, outcome: Outcome): void {
  program
    .command('compare')
    .argument('<results...>', 'result folders or files, the oldest first')
    .description('compare results: old, new, delta, and one report of all')
    .option('--out <dir>', `folder of the report (default: ${RESULTS_FOLDER}/<time>-comparison)`)
    .option('--json', 'print the comparison as JSON')
    .option('--open', 'open the report in the browser')
    .addHelpText('after', HELP)
    .action(async (given: readonly string[], flags: CompareFlags) => {
      await compare(given, flags, system);
      outcome.exitCode = EXIT.ok;
    });
}

async function compare(given: readonly string[], flags: CompareFlags, system: System): Promise<void> {
  const paths = given.length === 1 ? [...given, join(RESULTS_FOLDER, 'latest')] : given;
  const sources = await readSources(paths, system);
  const directory = namedDirectory(system.cwd, flags.out ?? timedDirectory('comparison'));
  await prepareDirectory(directory);
  const { writeComparison } = await import('../../reports/compare/writeComparison.ts');
  const { compareSources } = await import('../../reports/compare/comparison.ts');
  const { comparisonJson } = await import('../../reports/compare/comparisonJson.ts');
  const comparison = compareSources(sources);
  await warn(comparison, system);
  const { html } = await writeComparison(sources, directory);
  const json = comparisonJson(comparison);
  await writeFile(join(directory, 'comparison.json'), `${JSON.stringify(json, null, 1)}\n`);
  const text = flags.json ? JSON.stringify(json) : await summary(comparison, html, system);
  system.stdout.write(`${text}\n`);
  if (flags.open) await openFile(html);
}

async function readSources(paths: readonly string[], system: System): Promise<StoredSource[]> {
  const { readResult, RESULT_FILE } = await import('../../reports/resultFile.ts');
  const { sourceNames } = await import('../../reports/compare/sourceNames.ts');
  const resolved = paths.map((path) => resolve(system.cwd, path));
  // `latest` is a link that will name another folder tomorrow.
  const real = await Promise.all(resolved.map(realpathOf));
  const names = sourceNames(real.map(nameOf));
  const sources = await Promise.all(
    resolved.map(async (full, i) => {
      const isFile = basename(full).endsWith('.json');
      const directory = isFile ? dirname(full) : full;
      const path = isFile ? real[i] : join(real[i], RESULT_FILE);
      return { name: names[i] ?? full, result: await readResult(full), path, directory };
    }),
  );
  const empty = sources.findIndex(({ result }) => result.runs.length === 0);
  if (empty < 0) return sources;
  throw new UsageError(
    [{ key: 'compare', value: paths[empty], expected: 'a result with at least one run' }],
    'Name results that `bench run` finished.',
  );
}

/** Name of the folder that holds the result, or of a file that stands for itself. */
function nameOf(path: string): string {
  const name = basename(path);
  return name === 'result.json' ? basename(dirname(path)) : name.replace(/\.json$/, '');
}

/** The folder behind a link has the name. What is absent is left for the reader to name. */
async function realpathOf(path: string): Promise<string> {
  return existsSync(path) ? realpath(path) : path;
}

async function warn({ sources, servers }: Comparison, system: System): Promise<void> {
  const { differencesOf } = await import('../../reports/compare/differences.ts');
  for (const { what, values } of differencesOf(sources, servers)) {
    system.stderr.write(`Not like for like: ${what} (${values.join('; ')})\n`);
  }
}

async function summary(comparison: Comparison, reportPath: string, system: System): Promise<string> {
  const { changeText } = await import('../../reports/compare/comparisonTerminal.ts');
  const { colourVerdicts } = await import('../../reports/terminal.ts');
  const text = `${changeText(comparison, Math.min(system.columns, 100))}\n\nReport: ${reportPath}`;
  return system.colour ? colourVerdicts(text) : text;
}
