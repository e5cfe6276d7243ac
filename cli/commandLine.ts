import type { Command } from 'commander';
import type { Fault } from '../contract/errors.ts';
import { nearest } from './nearest.ts';

/**
 * Makes a command collect what it does not know, so that unknown flags are reported
 * together with all other faults instead of ending the check at the first.
 */
export function collectUnknown(command: Command): Command {
  return command.allowUnknownOption().allowExcessArguments();
}

/** A fault for every flag the command does not know, and for every stray word. */
export function unknownArguments(command: Command): Fault[] {
  const known = command.options.flatMap((option) => option.long ?? []);
  const faults: Fault[] = [];
  let afterUnknownFlag = false;
  for (const word of command.args) {
    const isFlag = word.startsWith('-');
    if (isFlag) {
      const flag = word.split('=')[0];
      faults.push({ key: flag, value: undefined, expected: `no such flag${nearest(flag, known)}` });
    } else if (!afterUnknownFlag) {
      faults.push({ key: 'argument', value: word, expected: 'this command takes flags only' });
    }
    // The word after an unknown flag is most likely its value.
    afterUnknownFlag = isFlag && !word.includes('=');
  }
  return faults;
}
