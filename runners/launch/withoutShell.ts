import { findProgram } from '../findProgram.ts';

/** What makes of a line more than one command, quoted or not: to tell these apart would take a shell. */
const COMPOUND = /[;&|()`\n]/;
/** The first word, in quotes or bare; an assignment and what the shell has yet to fill in are none. */
const FIRST_WORD = /^\s*(?:"([^"$\\]+)"|'([^']+)'|([^\s"'$\\=<>*?[\]{}~!#]+))(?=\s|$)/;

/**
 * The command so that the shell makes way for the program, where that is one: the shell would stay above it for the whole run, and
 * its 2 MB of memory would count as the server's.
 */
export function withoutShell(command: string, path: string): string {
  const words = COMPOUND.test(command) ? null : FIRST_WORD.exec(command);
  const program = words?.slice(1).find((word) => word !== undefined);
  if (program === undefined) return command;
  // A builtin such as `cd` is no program, and could not take the shell's place.
  const isProgram = program.includes('/') || findProgram(program, path) !== null;
  return isProgram ? `exec ${command}` : command;
}
