import { connect } from 'node:net';
import type { LaunchSettings } from '../../contract/config.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import { shownCommand } from './commandText.ts';
import type { LaunchedCommand } from './launchedCommand.ts';
import { listeningPorts } from './listeningPorts.ts';
import { SHOWN_LINES } from './prepareTarget.ts';
import type { Look } from './untilServing.ts';

/** How servers in many languages say that their port is taken. */
const TAKEN = /EADDRINUSE|address (is )?already in use|only one usage of each socket/i;

/** A server that was to serve. */
export interface Starting {
  readonly launch: LaunchSettings;
  readonly running: LaunchedCommand;
  readonly endpoint: Endpoint;
}

/** Of a server that ended before it served. */
export async function endedAtOnce(starting: Starting): Promise<BenchError> {
  const { running, endpoint } = starting;
  const end = await running.ended;
  if (running.hasLeftSome())
    return fault(
      starting,
      `it ended before the run (${end}), and left processes behind`,
      'It has to run in the foreground until it gets SIGTERM: no & at the end, no daemon.',
    );
  if (await isTaken(endpoint))
    return fault(
      starting,
      `it ended before it served: ${end}; something else has taken port ${endpoint.port} meanwhile`,
      'Run it again: the port is a new one each time.',
    );
  const hint = TAKEN.test(running.log.tail(SHOWN_LINES))
    ? 'The port that it asked for is taken: it has to listen at {port}, which is a new one each time.'
    : 'It has to run until it gets SIGTERM.';
  return fault(starting, `it ended before it served: ${end}`, hint);
}

/** Of a server that went on without serving for as long as it was given. */
export function neverServed(starting: Starting, look: Exclude<Look, { state: 'serves' }>): BenchError {
  const { launch, running, endpoint } = starting;
  const within = `within ${launch.readyMs / 1_000} s`;
  const longer = 'Where it needs more time, give config.target.readyTimeout.';
  if (look.state === 'closed' || launch.ready === null) {
    const ports = listeningPorts(running.pids()) ?? [];
    const seen = ports.length === 0 ? '' : `It listens at ${ports.join(', ')}. `;
    const where = `${endpoint.host} and at {port}, or at the PORT of its environment`;
    return fault(
      starting,
      `nothing accepted connections at ${endpoint.host}:${endpoint.port} ${within}`,
      `${seen}It has to listen at ${where}. ${longer}`,
    );
  }
  const answer = look.state === 'status' ? `HTTP ${look.status}` : look.detail;
  return fault(
    starting,
    `it accepts connections, but ${launch.ready} did not answer 2xx ${within}; the last answer: ${answer}`,
    `config.target.ready names a path that a plain GET over HTTP/1.1 may ask for. ${longer}`,
  );
}

function fault({ launch, running: { log } }: Starting, what: string, hint: string): BenchError {
  const said = log.tail(SHOWN_LINES);
  const output = said === '' ? 'It said nothing.' : `Its last lines:\n${said}`;
  return new BenchError(`${shownCommand(launch.start)}: ${what}\n${output}`, {
    exitCode: EXIT.systemUnderTest,
    hint: `${hint} All that it said is in ${log.path}.`,
  });
}

function isTaken({ host, port }: Endpoint): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, host, () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
