import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_SERVER_OPTIONS } from '../../contract/pushServer.ts';
import type { RunPlan } from '../plan.ts';
import { type ClinicTool, startClinicServer } from '../profilers/clinic.ts';
import { EXTENSION } from '../roleClient.ts';
import { connectFleet } from '../session/connect.ts';
import { type Evidence, emptyEvidence } from '../session/evidence.ts';
import type { GivenServer } from '../session/serverSide.ts';
import type { Session } from '../session/session.ts';
import { followPhase } from '../session/window.ts';

/** Clinic records every asynchronous operation: more connections would drown the page, not inform it. */
const MOST_CONNECTIONS = 2_000;

/** The same load on one more node that runs under clinic; its page is linked from the report. */
export async function clinicPass(
  session: Session,
  evidence: Evidence,
  directory: string,
  tool: ClinicTool,
): Promise<void> {
  const { subject } = session.plan;
  if (subject.kind !== 'reference') return;
  const name = `${session.plan.order}-clinic-${tool}.html`;
  const folder = join(directory, 'profiles');
  await mkdir(folder, { recursive: true });
  const { scenario } = session.plan;
  const options = {
    ...DEFAULT_SERVER_OPTIONS,
    listen: [{ host: '127.0.0.1', port: 0 }],
    encoding: scenario.encoding,
    heartbeat: scenario.heartbeat,
    heartbeatMs: scenario.heartbeatMs,
  };
  const script = fileURLToPath(new URL(`../roles/clinicNode${EXTENSION}`, import.meta.url));
  const clinic = await startClinicServer({
    tool,
    entry: [script, subject.stage, subject.variant, JSON.stringify(options)],
    destination: join(folder, name),
    signal: session.signal,
  });
  const small = session.sibling(smaller(session.plan), serverOf(clinic.firstLine));
  try {
    await small.start();
    await connectFleet(small, emptyEvidence(small.plan, 0), 0);
    const running = await small.phase('profile', small.plan.scenario.ratePerSecond, scenario.profileMs);
    await followPhase(small, running);
  } finally {
    await small.stop();
    session.tell('clinic', 0, null, []);
    await clinic.stop();
  }
  evidence.profiles.push({
    kind: `clinic-${tool}`,
    role: 'server',
    path: `profiles/${name}`,
    samples: null,
    unit: 'none',
    note: `a node of its own under clinic, ${small.plan.scenario.connections} connections, ${scenario.profileMs / 1_000} s${session.plan.security === 'plain' ? '' : ', in the clear'}`,
  });
}

function serverOf(line: object): GivenServer {
  const isServer = (said: object): said is GivenServer => 'endpoints' in said && 'ingest' in said;
  if (isServer(line)) return line;
  throw new Error(`the server under clinic did not tell its endpoints: ${JSON.stringify(line)}`);
}

/** One node's worth of the run, with the same fan-out and the same deliveries per connection. */
function smaller(plan: RunPlan): RunPlan {
  const connections = Math.min(plan.scenario.connections, MOST_CONNECTIONS);
  const share = connections / plan.scenario.connections;
  const streams = Math.max(1, Math.round(plan.streams * share));
  const scenario = {
    ...plan.scenario,
    connections,
    probes: 0,
    ratePerSecond: plan.streams === 1 ? plan.scenario.ratePerSecond : plan.scenario.ratePerSecond * share,
  };
  const subject = plan.subject.kind === 'reference' ? { ...plan.subject, nodes: [] } : plan.subject;
  const worker = { role: 'worker', firstSlot: 0, slots: connections } as const;
  const workers = [worker];
  return {
    ...plan,
    scenario,
    subject,
    streams,
    fanOut: connections / streams,
    workers,
    // Keys would have to be handed to the server on its command line, where everybody can read them.
    security: 'plain',
    // It is the only one, and listed nowhere.
    discovery: { kind: 'static', etcdUrl: null, balance: 'round_robin' },
  };
}
