import { CommanderError } from 'commander';
import { BenchError, EXIT, type ExitCode, UsageError } from '../contract/errors.ts';
import type { System } from './system.ts';

/** Lines of a fault list that fit on one screen. */
const MOST_LINES = 20;

/** Tells an error to the user on stderr, and maps it to the exit code: the one place that does. */
export function reportError(error: unknown, system: System): ExitCode {
  const { text, exitCode } = describe(error, system);
  system.stderr.write(`${text}\n`);
  return exitCode;
}

function describe(error: unknown, { argv }: System): { text: string; exitCode: ExitCode } {
  if (error instanceof UsageError) return { text: usageText(error), exitCode: error.exitCode };
  if (error instanceof BenchError) {
    return { text: `bench: ${error.message}\n\n  ${error.hint}`, exitCode: error.exitCode };
  }
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '');
    const [command = ''] = argv;
    const isOfCommand = error.code !== 'commander.unknownCommand' && /^[a-z]/.test(command);
    const hint = isOfCommand
      ? `bench ${command} --help shows what it takes.`
      : 'bench --help shows the commands.';
    return { text: `bench: ${message}\n\n  ${hint}`, exitCode: EXIT.usage };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `bench: internal error, please report it:\n${detail}`, exitCode: EXIT.internal };
}

function usageText(error: UsageError): string {
  const lines = error.message.split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => `  ${line}`);
  if (lines.length > MOST_LINES) shown.push(`  and ${lines.length - MOST_LINES} more`);
  const head =
    error.faults.length === 1
      ? '1 fault in what was given:'
      : `${error.faults.length} faults in what was given:`;
  return `bench: ${head}\n\n${shown.join('\n')}\n\n  ${error.hint}`;
}
