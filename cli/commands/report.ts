import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../../contract/errors.ts';
import { openFile } from '../openFile.ts';
import { RESULTS_FOLDER } from '../outputDirectory.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';

const HELP = `
Examples:
  bench report                     the latest result
  bench report results/monday results/tuesday`;

/** Adds `bench report [DIR…]`: reports are functions of result files, so they can be written again. */
export function addReport(program: Command, system: System, outcome: Outcome): void {
  program
    .command('report')
    .argument('[dirs...]', `result folders (default: ${RESULTS_FOLDER}/latest)`)
    .description('write the report of saved results again')
    .option('--open', 'open the reports in the browser')
    .addHelpText('after', HELP)
    .action(async (dirs: readonly string[], { open }: { open?: boolean }) => {
      const chosen = dirs.length > 0 ? dirs : [join(RESULTS_FOLDER, 'latest')];
      for (const dir of chosen) {
        const path = await writeAgain(resolve(system.cwd, dir), system);
        if (open) await openFile(path);
      }
      outcome.exitCode = EXIT.ok;
    });
}

async function writeAgain(directory: string, system: System): Promise<string> {
  const { readResult } = await import('../../reports/resultFile.ts');
  const { writeReport } = await import('../../reports/writeReport.ts');
  const { terminalSummary } = await import('../../reports/terminal.ts');
  const result = await readResult(directory);
  await writeReport(result, directory);
  const reportPath = join(directory, 'report.html');
  const columns = Math.min(system.columns, 100);
  system.stdout.write(`${terminalSummary(result, { columns, colour: system.colour, reportPath })}\n`);
  return reportPath;
}
