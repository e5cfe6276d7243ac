import { join } from 'node:path';
import type { LaunchSettings } from '../../contract/config.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { ProgressListener } from '../../contract/progress.ts';
import { Interrupted, whenInterrupted } from '../session/interrupted.ts';
import { environmentOf, filled, shownCommand, withoutSecrets } from './commandText.ts';
import { LaunchedCommand } from './launchedCommand.ts';
import { launchFolder } from './launchFolder.ts';

/** A build that takes longer does not end. */
const LIMIT_MS = 600_000;
/** For what a build leaves behind, such as a compile server. */
const GRACE_MS = 1_000;
/** Lines of the output that a message holds. */
export const SHOWN_LINES = 15;

/** Where the making and the starting of a server tells what it does, and keeps what the server says. */
export interface LaunchIo {
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
  /** Folder of the log files. */
  readonly directory: string;
  /** What their names begin with, where several servers share the folder. @default '' */
  readonly prefix?: string;
}

/**
 * Installs and builds a server in its folder: once, however often it is started.
 * @throws BenchError (system under test) with the command and its last lines where one fails; Interrupted
 */
export async function prepareTarget(launch: LaunchSettings, io: LaunchIo): Promise<void> {
  if (launch.install !== null) await carryOut('install', 'Installing', launch.install, launch, io);
  if (launch.build !== null) await carryOut('build', 'Building', launch.build, launch, io);
}

async function carryOut(
  step: 'install' | 'build',
  doing: string,
  command: string,
  launch: LaunchSettings,
  io: LaunchIo,
): Promise<void> {
  if (io.signal.aborted) throw new Interrupted();
  io.progress({ kind: 'note', text: `${doing}: ${shownCommand(command)}` });
  const places = { port: null, root: launch.root };
  const running = new LaunchedCommand({
    command: filled(command, places),
    folder: launchFolder(launch),
    env: environmentOf(launch, null),
    log: join(io.directory, `${io.prefix ?? ''}${step}.log`),
    hide: (text) => withoutSecrets(text, { launch, headers: {}, publishHeaders: {} }, places),
  });
  const { promise: tooLong, resolve } = Promise.withResolvers<string>();
  const limit = setTimeout(() => resolve(`not done within ${LIMIT_MS / 60_000} minutes`), LIMIT_MS);
  try {
    const end = await Promise.race([running.ended, tooLong, whenInterrupted(io.signal)]);
    if (end !== 'exit code 0') throw failed(step, launch, end, running);
  } finally {
    clearTimeout(limit);
    await running.stop(GRACE_MS);
  }
}

function failed(
  step: 'install' | 'build',
  launch: LaunchSettings,
  end: string,
  { log }: LaunchedCommand,
): BenchError {
  const said = log.tail(SHOWN_LINES);
  return new BenchError(
    `${step} failed: ${shownCommand(launch[step] ?? '')}: ${end}${said === '' ? '' : `\n${said}`}`,
    {
      exitCode: EXIT.systemUnderTest,
      hint: `All that it said is in ${log.path}; the command is config.target.${step}.`,
    },
  );
}
