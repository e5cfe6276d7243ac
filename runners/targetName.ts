import type { TargetSettings } from '../contract/config.ts';
import { shownCommand } from './launch/commandText.ts';

/** A longer one is a script. */
const MOST = 400;

/** What a server of the user's own is called: by its address, or where it is started for each run at another port, by its command. */
export function targetName({ url, launch }: Pick<TargetSettings, 'url' | 'launch'>): string {
  if (launch === null) return url;
  const command = shownCommand(launch.start).replace(/\s+/g, ' ').trim();
  return command.length > MOST ? `${command.slice(0, MOST - 1)}…` : command;
}
