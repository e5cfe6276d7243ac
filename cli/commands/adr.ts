import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { BenchError, EXIT, type Fault, UsageError } from '../../contract/errors.ts';
import type { RunResult } from '../../contract/result.ts';
import type { OptionFacts, Prices } from '../../reports/adr/decision.ts';
import { loadConfigFile } from '../configFile.ts';
import { RESULTS_FOLDER } from '../outputDirectory.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';

const HELP = `
Examples:
  bench run --stage all && bench adr                        a record of the comparison just made
  bench adr bench-results/latest --to docs/adr/0007-push.md

Your traffic, weights, prices, nodes and the effort of changing over stand in bench.config.ts (decision, cost); what is not
there is taken as it was measured, or from defaults, and the record says so: docs/adr.md.`;

interface AdrFlags {
  readonly to?: string;
  readonly config?: string;
  readonly security?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds `bench adr [RESULT]`. */
export function addAdr(program: Command, system: System, outcome: Outcome): void {
  program
    .command('adr')
    .argument('[result]', `a comparison: folder or result.json (default: ${RESULTS_FOLDER}/latest)`)
    .description('write an architecture decision record from one comparison')
    .option(
      '--to <file>',
      'Markdown file of the record; its charts go to a folder of that name (default: adr-<date>.md)',
    )
    .option('--config <file>', 'config file (default: bench.config.ts, where there is one)')
    .option(
      '--security <kind>',
      'which protection to decide for, where several were measured: plain, tls, mtls-jwt',
    )
    .option('--force', 'write over a record that is there')
    .option('--json', 'print the figures of the record as JSON, which its folder keeps as decision.json')
    .addHelpText('after', HELP)
    .action(async (given: string | undefined, flags: AdrFlags) => {
      await writeRecord(given ?? join(RESULTS_FOLDER, 'latest'), flags, system, new Date());
      outcome.exitCode = EXIT.ok;
    });
}

/**
 * Writes the record of a stored comparison, and tells its finding and its path.
 * @param given folder or result.json, as seen from the system's folder
 * @throws UsageError, BenchError where the config, the result or the file to write is not as it has to be
 */
export async function writeRecord(given: string, flags: AdrFlags, system: System, now: Date): Promise<void> {
  const { decision, prices } = await configOf(flags.config ?? null, system);
  const path = resolve(system.cwd, given);
  const { readResult } = await import('../../reports/resultFile.ts');
  const { compareSources } = await import('../../reports/compare/comparison.ts');
  const { decisionRecord } = await import('../../reports/adr/record.ts');
  const { writeAdr } = await import('../../reports/adr/writeAdr.ts');
  const result = protectedBy(await readResult(path), flags.security);
  await refuseUnlessComparison(result, given);
  const date = now.toISOString().slice(0, 10);
  const file = recordFile(flags, system.cwd, date);
  const comparison = compareSources([{ name: '', result }]);
  const record = decisionRecord({ result, comparison, decision, prices, facts: await stageFacts() });
  const isFile = basename(path).endsWith('.json');
  const directory = isFile ? dirname(path) : path;
  const resultFile = isFile ? path : join(path, 'result.json');
  const written = await writeAdr(record, { file, date, directory, resultFile });
  const text = flags.json
    ? JSON.stringify(written.json)
    : `${written.headline}\n\nRecord: ${relative(system.cwd, file) || file}`;
  system.stdout.write(`${text}\n`);
}

async function configOf(named: string | null, system: System) {
  const file = await loadConfigFile(system.cwd, named);
  const faults: Fault[] = [];
  const { readConfig } = await import('../readConfig.ts');
  const { decision, cost } = readConfig(file.content, faults);
  if (faults.length > 0)
    throw new UsageError(faults, 'docs/adr.md tells every key of decision with an example.');
  const { EXAMPLE_COST } = await import('../../runners/assemble/roi.ts');
  const prices: Prices = cost
    ? { ...cost, isExample: false }
    : { ...EXAMPLE_COST, currency: 'USD', isExample: true };
  return { decision, prices };
}

/** @throws UsageError saying how a comparison is made */
async function refuseUnlessComparison(result: RunResult, given: string): Promise<void> {
  const { isComparison } = await import('../../reports/compare/serverGroup.ts');
  const { serverLabel } = await import('../../reports/runLabel.ts');
  const { isSearch } = await import('../../reports/compare/metric.ts');
  const loaded = result.runs.filter((run) => run.deliveries !== null && !isSearch(run));
  const servers = new Set(loaded.map(serverLabel));
  if (isComparison(result.runs) && servers.size > 1) return;
  const seen =
    servers.size === 1
      ? `it has one server under load, ${[...servers].join('')}`
      : 'it has no server under load';
  throw new UsageError(
    [
      {
        key: 'adr',
        value: given,
        expected: `a comparison of two servers or more under the same load; ${seen}`,
      },
    ],
    'Make one, such as `bench run --stage all` or `bench run --stage sse,ws --runs 6`, and name its folder.',
  );
}

/**
 * The runs of one protection: what an open connection saves is no argument against a protected one.
 * @throws UsageError where several were measured and none is named, or the one named was not
 */
function protectedBy(result: RunResult, named: string | undefined): RunResult {
  const kinds = [...new Set(result.runs.map(({ security }) => security.kind))];
  if (named === undefined && kinds.length < 2) return result;
  const kind = kinds.find((one) => one === named);
  if (kind !== undefined) {
    return { ...result, runs: result.runs.filter(({ security }) => security.kind === kind) };
  }
  const expected = `one that was measured: ${kinds.join(', ')}`;
  throw new UsageError(
    [{ key: '--security', value: named, expected }],
    'A record decides between servers that are protected alike: name the protection that you need.',
  );
}

function recordFile({ to, force }: AdrFlags, cwd: string, date: string): string {
  const file = resolve(cwd, to ?? `adr-${date}.md`);
  if (to?.trim() === '' || !file.endsWith('.md')) {
    throw new UsageError(
      [{ key: '--to', value: to, expected: 'a file that ends in .md' }],
      'The record is Markdown; its charts go to a folder of the same name.',
    );
  }
  if (!force && existsSync(file)) {
    throw new BenchError(`${relative(cwd, file) || file}: there is a record already.`, {
      exitCode: EXIT.usage,
      hint: 'Name another with --to FILE, or write over it with --force.',
    });
  }
  return file;
}

/** What the stages say of themselves, by `stage:variant`. */
async function stageFacts(): Promise<ReadonlyMap<string, OptionFacts>> {
  const { STAGES } = await import('../../servers/registry.ts');
  return new Map(
    STAGES.flatMap(({ name, title, variants }) =>
      variants.map(({ name: variant, summary, capabilities }): [string, OptionFacts] => {
        const { protocol, resume, shows, bus } = capabilities;
        return [`${name}:${variant}`, { summary: `${title}: ${summary}`, protocol, resume, shows, bus }];
      }),
    ),
  );
}
