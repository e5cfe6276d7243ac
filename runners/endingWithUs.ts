import { findProgram } from './findProgram.ts';

/** Has the kernel end the program with this process, even where that is killed outright (util-linux; Linux only). */
export function endingWithUs(program: string, args: readonly string[]): readonly [string, readonly string[]] {
  const setpriv = findProgram('setpriv', process.env.PATH ?? '');
  return setpriv === null ? [program, args] : [setpriv, ['--pdeathsig', 'KILL', program, ...args]];
}
