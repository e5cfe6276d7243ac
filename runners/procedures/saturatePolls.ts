import { topicOf } from '../../contract/ingest.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { Evidence } from '../session/evidence.ts';
import type { Session } from '../session/session.ts';
import { runClosedLoop } from './closedLoop.ts';

/** More would only queue: 50 connections that ask again at once keep a server busy. */
const MOST_CONNECTIONS = 50;
/** Of a publish before, so that polls find a state. */
const PUBLISH = { ratePerSecond: 100, durationMs: 200 } as const;

/** How many polls per second one server node answers, asked in a closed loop, with a state to show. */
export async function saturatePolls(session: Session, evidence: Evidence): Promise<void> {
  const { scenario, subject } = session.plan;
  if (session.processes.publisher !== null) {
    const { ratePerSecond, durationMs } = PUBLISH;
    const running = await session.phase(
      'ingest',
      Math.max(ratePerSecond, session.plan.streams * 10),
      durationMs,
      false,
    );
    await session.processes.guard(running.publisher);
  }
  session.tell('closed loop', 0, scenario.durationMs, []);
  const path = subject.kind === 'target' ? subject.target.path : subject.capabilities.streamPath;
  const { security } = session.served.access;
  evidence.connected = session.snapshot();
  evidence.closedLoop = await session.processes.guard(
    runClosedLoop({
      url: urlOf(session.served.endpoints[0], path, security === null ? 'http' : 'https'),
      connections: Math.min(MOST_CONNECTIONS, scenario.connections),
      seconds: Math.max(1, Math.round(scenario.durationMs / 1_000)),
      headers: session.served.access.headers,
      security,
      signal: session.signal,
    }),
  );
}

function urlOf({ host, port }: Endpoint, path: string, scheme: 'http' | 'https'): string {
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return `${scheme}://${authority}${path.replaceAll('{topic}', topicOf(0))}`;
}
