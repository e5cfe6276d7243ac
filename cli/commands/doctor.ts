import type { Command } from 'commander';
import { EXIT } from '../../contract/errors.ts';
import { optionalPrograms } from '../optionalPrograms.ts';
import type { Outcome } from '../program.ts';
import type { System } from '../system.ts';
import { textTable } from '../textTable.ts';

const HELP = `
Examples:
  bench doctor             each check with what was seen, and what to change
  bench doctor --json      the same for a script

Exit codes: 0 nothing in the way, 2 something makes a run impossible`;

/** Adds `bench doctor`. */
export function addDoctor(program: Command, system: System, outcome: Outcome): void {
  program
    .command('doctor')
    .description('check what this machine offers for a run')
    .option('--json', 'the checks as JSON')
    .addHelpText('after', HELP)
    .action(async ({ json }: { json?: boolean }) => {
      const { preflight } = await import('../../runners/preflight.ts');
      const checks = [...(await preflight()), ...optionalPrograms(system.env.PATH ?? '')];
      const rows = checks.map((check) => [check.name, check.status, check.seen]);
      const advice = checks
        .filter((check) => check.status !== 'ok')
        .map((check) => `${check.name}: ${check.advice}`);
      const table = textTable(['CHECK', 'STATUS', 'SEEN'], rows);
      const text = json ? JSON.stringify(checks) : [table, ...advice].join('\n\n');
      system.stdout.write(`${text}\n`);
      outcome.exitCode = checks.some((check) => check.status === 'fail') ? EXIT.usage : EXIT.ok;
    });
}
