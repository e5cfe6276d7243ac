import { join } from 'node:path';
import { isPublishedTo } from '../contract/config.ts';
import { shownCommand } from './launch/commandText.ts';
import type { LinkPlan } from './link/planLink.ts';
import type { RunPlan } from './plan.ts';

/** More runs than this are told in one line each. */
const MOST_IN_FULL = 3;

/** The plans of an invocation as lines for a person, printed before the first run. */
export function describePlans(plans: readonly RunPlan[]): string[] {
  if (plans.length <= MOST_IN_FULL) return plans.flatMap(describePlan);
  const seconds = plans.reduce((sum, { expectedMs }) => sum + expectedMs, 0) / 1_000;
  const bytes = Math.max(...plans.map((plan) => plan.expectedBytes));
  return [
    `Plan: ${plans.length} runs, scenario ${plans[0].scenario.name}`,
    ...launchLines(plans[0]),
    ...plans.map((plan) => `  ${plan.order + 1}. ${nameOf(plan)}: ${loadLine(plan)}`),
    ...tokenLines(plans),
    `  expected   about ${minutes(seconds)} in all and ${(bytes / 1e9).toFixed(1)} GB of memory at most`,
  ];
}

function minutes(seconds: number): string {
  return seconds < 100 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function nameOf({ subject, security, link }: RunPlan): string {
  const parts = [
    subjectOf(subject),
    ...(security === 'plain' ? [] : [security]),
    ...(link === null ? [] : [roundTrip(link)]),
  ];
  return parts.join(', ');
}

/** As reports name it. */
function subjectOf(subject: RunPlan['subject']): string {
  if (subject.kind === 'reference') return `${subject.stage}:${subject.variant} (${subject.tag})`;
  const { launch, protocol, url } = subject.target;
  return launch === null ? url : `${protocol} target`;
}

/** Of the link alone: what the machine takes comes on top. */
function roundTrip({ spec: { rttMs, jitterMs } }: LinkPlan): string {
  return `round trip ${rttMs}${jitterMs === 0 ? '' : ` ± ${jitterMs}`} ms`;
}

function linkLines({ link }: RunPlan): string[] {
  if (link === null) return [];
  return [
    `  link       ${roundTrip(link)} between clients and servers, by a relay; the publisher is on the servers' side, loss is not emulated`,
  ];
}

/** What is done to make and start a server of the user's own: said once, it is the same for all runs. */
function launchLines({ subject }: RunPlan): string[] {
  if (subject.kind !== 'target' || subject.target.launch === null) return [];
  const { install, build, start, ready, folder, cwd } = subject.target.launch;
  const steps = [
    ['install', install],
    ['build', build],
    ['start', start],
  ] as const;
  return [
    `  folder     ${join(folder, cwd)}`,
    ...steps.flatMap(([step, command]) =>
      command === null ? [] : [`  ${step.padEnd(10)} ${shownCommand(command)}`],
    ),
    `  ready      ${ready === null ? 'when it accepts connections' : `when ${ready} answers 2xx`}; a new port for each run`,
  ];
}

function describePlan(plan: RunPlan): string[] {
  const { scenario } = plan;
  const name = nameOf(plan);
  const position = plan.of > 1 ? ` (run ${plan.order + 1} of ${plan.of})` : '';
  return [
    `Plan${position}: ${name}, scenario ${scenario.name}`,
    ...(plan.order === 0 ? launchLines(plan) : []),
    `  load       ${loadLine(plan)}`,
    ...tokenLines([plan]),
    ...linkLines(plan),
    `  processes  ${processLine(plan)}`,
    `  expected   about ${Math.round(plan.expectedMs / 1_000)} s and ${(plan.expectedBytes / 1e9).toFixed(1)} GB of memory`,
  ];
}

/** Clients that share a token may be one user to the server. */
function tokenLines(plans: readonly RunPlan[]): string[] {
  const clients = Math.max(...plans.map(({ scenario }) => scenario.connections));
  const { subject } = plans[0];
  const tokens = subject.kind === 'target' ? subject.target.tokens : 0;
  if (tokens === 0 || tokens >= clients) return [];
  return [`  tokens     ${count(tokens)} for ${count(clients)} clients: each is used by several`];
}

const FAULTS = {
  'cut-connections': 'all connections cut at once a quarter into it',
  'kill-node': 'one server node killed a quarter into it',
  'rolling-restart': 'every instance drained and replaced, one by one',
} as const;

function isSilentTarget(subject: RunPlan['subject']): boolean {
  return subject.kind === 'target' && !isPublishedTo(subject.target);
}

/** What the subscribers are: connections of their own, or streams that share some. */
function clientsOf({ scenario, streamsPerConnection: shared }: RunPlan): string {
  if (shared === 1) return `${count(scenario.connections)} connections`;
  return `${count(scenario.connections)} streams, ${count(shared)} on a connection`;
}

function loadLine(plan: RunPlan): string {
  const { scenario, streams, fanOut, polling, subject } = plan;
  const connections = clientsOf(plan);
  if (isSilentTarget(subject)) return `${connections}, nothing published without --publish-url`;
  if (scenario.procedure === 'idle') return `${connections}, nothing published`;
  const rooms = `${count(streams)} ${streams === 1 ? 'room' : 'rooms'} of ${count(Math.round(fanOut))}`;
  if (scenario.procedure === 'ceiling' || scenario.procedure === 'article-sse')
    return `${connections} in ${rooms}, ${scenario.payloadBytes} B, rate by search`;
  const deliveries = count(Math.round(scenario.ratePerSecond * fanOut));
  const rate =
    scenario.stages.length > 0
      ? `${scenario.stages.map((stage) => `${count(stage.ratePerSecond)}/s for ${stage.durationMs / 1_000} s`).join(', ')}`
      : `${count(scenario.ratePerSecond)} publishes/s = ${deliveries} deliveries/s`;
  const asks = polling?.mode === 'interval' ? `, polled every ${polling.intervalMs / 1_000} s` : '';
  const breaks = scenario.fault === 'none' ? '' : `, ${FAULTS[scenario.fault]}`;
  const window =
    scenario.stages.length > 0
      ? `${scenario.warmupMs / 1_000} s warm-up`
      : `${scenario.warmupMs / 1_000} s warm-up, ${scenario.durationMs / 1_000} s window`;
  return `${connections} in ${rooms}${slowOf(plan)}, ${rate}${asks}, ${scenario.payloadBytes} B, ${window}${breaks}`;
}

/** Who reads slowly, and how much may wait for one of them: told as well where it is what tells the runs apart. */
function slowOf({ scenario, sweep }: RunPlan): string {
  const { slowShare, slowBytesPerSecond, flowMessages } = scenario;
  const limit = `, limit ${count(flowMessages)} messages`;
  if (slowShare === 0) return sweep?.key === 'flowMessages' ? limit : '';
  const share = Number((slowShare * 100).toPrecision(3));
  return `, ${share} % read ${count(slowBytesPerSecond)} B/s${limit}`;
}

function processLine({ subject, workers, scenario, link }: RunPlan): string {
  const bulk = workers.filter(({ role }) => role === 'worker').length;
  const probes = workers.find(({ role }) => role === 'probe')?.slots ?? 0;
  const publisher = scenario.publishVia === 'clients' ? 'no publisher: the clients speak' : '1 publisher';
  const relay = link === null ? '' : `, ${link.processes} ${link.processes === 1 ? 'relay' : 'relays'}`;
  const load = `${bulk} load ${bulk === 1 ? 'worker' : 'workers'}, ${probes} probe connections, ${publisher}${relay}`;
  if (subject.kind === 'target') return `your server, ${load}`;
  const nodes = subject.nodes.length;
  const addresses = subject.nodes.reduce((sum, node) => sum + node.listen.length, 0);
  return `${nodes} server ${nodes === 1 ? 'node' : 'nodes'} on ${addresses} ${addresses === 1 ? 'address' : 'addresses'}, ${load}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
