import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type Fault, UsageError } from '../../contract/errors.ts';
import { type Export, readExport, writeExport } from '../exportOption.ts';
import type { Flags } from '../given.ts';
import { openFile } from '../openFile.ts';
import { RESULTS_FOLDER } from '../outputDirectory.ts';
import type { Outcome } from '../program.ts';
import { RUN_OPTIONS } from '../runOptions.ts';
import type { System } from '../system.ts';

const HELP = `
Examples:
  bench report                     the latest result
  bench report results/monday results/tuesday
  bench report results/monday --export prometheus-textfile=/var/lib/node_exporter/bench.prom

Exit codes: 0 written, 2 bad usage, or no such result`;

/** Adds `bench report [DIR…]`: reports are functions of result files, so they can be written again. */
export function addReport(program: Command, system: System, outcome: Outcome): void {
  program
    .command('report')
    .argument('[dirs...]', `result folders (default: ${RESULTS_FOLDER}/latest)`)
    .description('write the report of saved results again')
    .option('--open', 'open the reports in the browser')
    .option(RUN_OPTIONS.export.flag, RUN_OPTIONS.export.description)
    .addHelpText('after', HELP)
    .action(async (dirs: readonly string[], flags: Flags) => {
      const chosen = dirs.length > 0 ? dirs : [join(RESULTS_FOLDER, 'latest')];
      const exported = exportOf(flags, chosen.length, system);
      for (const dir of chosen) {
        const path = await writeAgain(resolve(system.cwd, dir), exported, system);
        if (flags.open === true) await openFile(path);
      }
      outcome.exitCode = EXIT.ok;
    });
}

/** @throws UsageError where it is no format, or one file is named for several results */
function exportOf(flags: Flags, results: number, { cwd }: System): Export | null {
  const faults: Fault[] = [];
  const exported = readExport({ flags, env: {} }, cwd, faults);
  if (exported !== null && exported.file !== null && results > 1) {
    const expected = 'without a file where several reports are written: each goes into its own folder';
    faults.push({ key: '--export', value: flags.export, expected });
  }
  if (faults.length > 0) throw new UsageError(faults, 'bench report --help shows what it takes.');
  return exported;
}

async function writeAgain(directory: string, exported: Export | null, system: System): Promise<string> {
  const { readResult } = await import('../../reports/resultFile.ts');
  const { writeReport } = await import('../../reports/writeReport.ts');
  const { terminalSummary } = await import('../../reports/terminal.ts');
  const result = await readResult(directory);
  await writeReport(result, directory);
  if (exported !== null) await writeExport(exported, result, directory);
  const reportPath = join(directory, 'report.html');
  const columns = Math.min(system.columns, 100);
  system.stdout.write(`${terminalSummary(result, { columns, colour: system.colour, reportPath })}\n`);
  return reportPath;
}
