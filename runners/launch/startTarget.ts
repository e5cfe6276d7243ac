import { basename, join } from 'node:path';
import type { LaunchSettings, TargetSettings } from '../../contract/config.ts';
import { freePort } from '../freePort.ts';
import { Interrupted, whenInterrupted } from '../session/interrupted.ts';
import { type StartedServer, TargetGone } from '../session/processes.ts';
import { targetEndpoint } from '../targetEndpoint.ts';
import { environmentOf, filled, withoutSecrets } from './commandText.ts';
import { LaunchedCommand } from './launchedCommand.ts';
import { launchFolder } from './launchFolder.ts';
import { listeningPorts } from './listeningPorts.ts';
import { type LaunchIo, SHOWN_LINES } from './prepareTarget.ts';
import { endedAtOnce, neverServed } from './startFault.ts';
import { untilServing } from './untilServing.ts';

/** For a server to end by itself. */
const GRACE_MS = 3_000;
/** The same when the user waits for the run to end. */
const IMPATIENT_MS = 1_000;
/** Port 0 of an address, which may have placeholders behind it. */
const NO_PORT = /^([a-z]+:\/\/(?:\[[^\]]*\]|[^/:?#]*)):0(?=$|[/?#])/i;

/** A server of the user's own that runs for one measurement. */
export interface StartedTarget extends StartedServer {
  /** With the port that it serves at. */
  readonly target: TargetSettings;
  /** Path of the file with what it says. */
  readonly log: string;
  /** Ends it and all that it started. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts the server of a target at a port that nobody used lately, and waits until it serves.
 * @throws BenchError (system under test) naming what it did instead; Interrupted
 */
export async function startTarget(target: TargetSettings, io: LaunchIo): Promise<StartedTarget> {
  const { launch } = target;
  if (launch === null) throw new Error('this target is not started by the run');
  if (io.signal.aborted) throw new Interrupted();
  const port = await freePort();
  const places = { port, root: launch.root };
  const running = new LaunchedCommand({
    command: filled(launch.start, places),
    folder: launchFolder(launch),
    env: environmentOf(launch, port),
    log: join(io.directory, `${io.prefix ?? ''}server.log`),
    hide: (text) => withoutSecrets(text, target, places),
  });
  const started = startedOf(target, port, running, io);
  try {
    await waitUntilReady(started.target, launch, running, io.signal);
  } catch (error) {
    await running.stop(IMPATIENT_MS);
    throw error;
  }
  if (listeningPorts(running.pids())?.includes(port) !== false) return started;
  // What is there is not what serves: figures of it would be of a client of Docker, say.
  const text = `What listens at port ${port} was not started below the command, but by something else (a container?): its memory and CPU are not measured.`;
  io.progress({ kind: 'note', text });
  return { ...started, pids: () => [] };
}

function startedOf(
  target: TargetSettings,
  port: number,
  running: LaunchedCommand,
  { signal, progress }: LaunchIo,
): StartedTarget {
  const ended = running.ended.then((end): never => {
    const said = running.log.tail(SHOWN_LINES);
    throw new TargetGone(
      `the server ended during the run: ${end} (${basename(running.log.path)})${said === '' ? '' : `\n${said}`}`,
    );
  });
  // It ends in any case; who races against it sees when it should not have.
  ended.catch(() => {});
  const { publishUrl } = target;
  return {
    target: {
      ...target,
      url: atPort(target.url, port),
      publishUrl: publishUrl === null ? null : atPort(publishUrl, port),
    },
    log: running.log.path,
    ended,
    pids: () => running.pids(),
    async stop() {
      const isObedient = await running.stop(signal.aborted ? IMPATIENT_MS : GRACE_MS);
      if (isObedient || signal.aborted) return;
      const left = running.pids();
      const text =
        left.length > 0
          ? `The server could not be ended, and goes on: process ${left.join(', ')}. Does it run as another user?`
          : `The server did not end within ${GRACE_MS / 1_000} s of SIGTERM, and was killed.`;
      progress({ kind: 'note', text });
    },
  };
}

/** Not by URL, which would encode the braces of placeholders. */
function atPort(url: string, port: number): string {
  return url.replace(NO_PORT, (_, before: string) => `${before}:${port}`);
}

async function waitUntilReady(
  target: TargetSettings,
  launch: LaunchSettings,
  running: LaunchedCommand,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = targetEndpoint(target.url);
  const over = new AbortController();
  const giveUp = AbortSignal.any([over.signal, AbortSignal.timeout(launch.readyMs)]);
  const readiness = { endpoint, path: launch.ready, security: target.security };
  try {
    const look = await Promise.race([
      untilServing(readiness, giveUp),
      running.ended.then(() => null),
      whenInterrupted(signal),
    ]);
    const context = { launch, running, endpoint };
    if (look === null || running.isOver) throw await endedAtOnce(context);
    if (look.state !== 'serves') throw neverServed(context, look);
  } finally {
    over.abort();
  }
}
