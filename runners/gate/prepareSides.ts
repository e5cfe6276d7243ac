import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchSettings, Scenario, Settings, TargetSettings } from '../../contract/config.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { checkDriver } from '../checkDriver.ts';
import { checkStarted } from '../launch/checkStarted.ts';
import { prepareTarget } from '../launch/prepareTarget.ts';
import { startTarget } from '../launch/startTarget.ts';
import { makeFolders } from '../makeFolders.ts';
import type { RunIo } from '../run.ts';
import type { GateTurn } from './blockOrder.ts';
import type { LiveSide } from './sides.ts';
import type { Worktrees } from './worktrees.ts';

/** A side whose server is built, and has answered once. */
export interface ReadySide {
  readonly turn: GateTurn;
  readonly settings: Settings;
  /** With a folder of its own, for its logs. */
  readonly io: RunIo;
}

/** What a side is made ready with. */
export interface Preparing {
  readonly turn: GateTurn;
  readonly side: LiveSide;
  readonly settings: Settings;
  readonly worktrees: Worktrees | null;
  /** Folders that are built already: two sides may be the same one. */
  readonly built: Set<string>;
  readonly io: RunIo;
}

/**
 * Checks a side out, installs, builds, starts its server once and asks it for one stream.
 * @throws BenchError (system under test) where any of that fails, with the log to look into
 */
export async function prepareSide({
  turn,
  side,
  settings,
  worktrees,
  built,
  io,
}: Preparing): Promise<ReadySide> {
  const { target } = settings;
  if (target?.launch == null) throw new Error('a gate needs a server that is started');
  const { procedure, ratePerSecond } = settings.scenario;
  await checkDriver(target, procedure !== 'idle' && ratePerSecond > 0);
  const own = { ...io, directory: join(io.directory, turn) };
  const folder = await folderOf(turn, side, worktrees, target.launch);
  await makeFolders(own.directory);
  const launch = { ...target.launch, folder };
  const ready = { ...settings, target: { ...target, launch } };
  io.progress({ kind: 'note', text: `${turn === 'base' ? 'Base' : 'Head'}: ${sideText(side)}` });
  try {
    if (!built.has(folder)) await prepareTarget(launch, own);
    built.add(folder);
    await answersOnce(ready.target, settings.scenario, own);
  } catch (error) {
    // The same server may well work on the other side.
    if (!(error instanceof BenchError)) throw error;
    const { exitCode, hint, message } = error;
    throw new BenchError(`${turn} ${sideText(side)}: ${message}`, { exitCode, hint, cause: error });
  }
  return { turn, settings: ready, io: own };
}

/** It starts, gets ready and takes a subscriber: asked once, since each run would lose half a second to it. */
async function answersOnce(
  target: TargetSettings,
  { connections, rooms }: Scenario,
  io: RunIo,
): Promise<void> {
  const started = await startTarget(target, io);
  try {
    const streams = rooms === 0 ? connections : Math.min(rooms, connections);
    await checkStarted(started, streams, io.signal);
  } finally {
    await started.stop();
  }
}

/** As a person calls it: `main (88df920efd)`. */
export function sideText({ named, commit, dirty }: Pick<LiveSide, 'named' | 'commit' | 'dirty'>): string {
  if (commit === null) return named;
  return `${named} (${commit.slice(0, 10)}${dirty === true ? ', with changes that are not committed' : ''})`;
}

async function folderOf(
  turn: GateTurn,
  side: LiveSide,
  worktrees: Worktrees | null,
  { cwd }: LaunchSettings,
): Promise<string> {
  if (side.kind === 'directory') return checkedFolder(turn, side, side.folder, cwd);
  if (worktrees === null) throw new Error('a ref is checked out into worktrees');
  return checkedFolder(turn, side, await worktrees.add(turn, side.commit), cwd);
}

function checkedFolder(turn: GateTurn, side: LiveSide, folder: string, cwd: string): string {
  const path = join(folder, cwd);
  if (existsSync(path)) return folder;
  throw new BenchError(`--${turn} ${sideText(side)}: the folder of the server is not there: ${path}`, {
    exitCode: EXIT.usage,
    hint: 'It is where the config file is, in that checkout, and in it config.target.cwd: name a ref that has it.',
  });
}
