import type { Scenario, Settings, TargetSettings } from '../contract/config.ts';
import type { BalancePolicy } from '../contract/discovery.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { GrpcMethod } from '../contract/grpc.ts';
import type { KnownAnswer } from '../contract/knownAnswer.ts';
import type { PollingOptions } from '../contract/loadDriver.ts';
import type { Endpoint, Protocol, ServerCapabilities } from '../contract/pushServer.ts';
import type { SecurityKind } from '../contract/security.ts';
import { checkSpeaking } from './chat/checkSpeaking.ts';
import { checkInstances } from './checkInstances.ts';
import { type Chosen, type IntendedRun, intendedRuns } from './intendedRuns.ts';
import { checkLink } from './link/checkLink.ts';
import { type LinkPlan, loopbackAddress, planLink } from './link/planLink.ts';
import { expectedDurationMs } from './planDuration.ts';
import { checkMemory, expectedBytes, slowReaderBytes } from './planMemory.ts';
import type { HostLimits } from './samplers/limits.ts';
import { targetEndpoint } from './targetEndpoint.ts';

/** Files that a process needs beside its connections. */
const RESERVED_FILES = 500;
/** Connections per address and port: connect() slows down long before the ephemeral ports run out. */
const CONNECTIONS_PER_ADDRESS = 2_500;
/** A cluster of one node would never use its bus. */
const BUS_NODES = 2;
/** One address and port of a user's own server. */
export const TARGET_CONNECTIONS = 25_000;

export interface WorkerPlan {
  readonly role: 'worker' | 'probe';
  readonly firstSlot: number;
  readonly slots: number;
}

export interface NodePlan {
  readonly listen: readonly Endpoint[];
}

/** Where the load of a run goes. */
export type Subject =
  | {
      readonly kind: 'reference';
      readonly stage: string;
      readonly variant: string;
      readonly tag: string;
      readonly capabilities: ServerCapabilities;
      readonly nodes: readonly NodePlan[];
      /** Address of a bus that runs elsewhere; null: the run starts its own, or needs none. */
      readonly givenBus: string | null;
    }
  | { readonly kind: 'target'; readonly target: TargetSettings; readonly endpoint: Endpoint };

export interface RunPlan {
  readonly order: number;
  readonly of: number;
  readonly subject: Subject;
  readonly protocol: Protocol;
  readonly scenario: Scenario;
  readonly sweep: IntendedRun['sweep'];
  readonly searchSteps: IntendedRun['searchSteps'];
  /** How clients ask again; null: they are pushed to. */
  readonly polling: PollingOptions | null;
  /** Of a server of the user's own: `tls` where it speaks TLS, whatever it asks of its clients. */
  readonly security: SecurityKind;
  /** 1 where the protocol does not multiplex. */
  readonly streamsPerConnection: number;
  readonly grpc: GrpcMethod | null;
  readonly discovery: Settings['discovery'];
  /** What lies between clients and servers; null: nothing. */
  readonly link: LinkPlan | null;
  /** Only in the harness' own tests of itself. */
  readonly knownAnswer: KnownAnswer | null;
  readonly seed: number;
  /** Number in every envelope, so that nothing of another run is counted. */
  readonly run: number;
  readonly streams: number;
  /** Subscribers of a message, in the mean. */
  readonly fanOut: number;
  readonly workers: readonly WorkerPlan[];
  readonly expectedMs: number;
  readonly expectedBytes: number;
}

/**
 * The runs of one invocation, in order: processes from the file limit, connections over ports and loopback addresses.
 * @throws BenchError where the machine cannot hold a run, or a scenario does not fit the stage; the message says what does
 */
export function planRuns(
  settings: Settings,
  limits: HostLimits,
  platform: string = process.platform,
): RunPlan[] {
  const runs = intendedRuns(settings);
  return runs.map((run, order) => planRun({ settings, limits, platform, order, of: runs.length }, run));
}

interface Context {
  readonly settings: Settings;
  readonly limits: HostLimits;
  readonly platform: string;
  readonly order: number;
  readonly of: number;
}

function planRun(context: Context, run: IntendedRun): RunPlan {
  const { chosen, scenario, polling, sweep, searchSteps } = run;
  const { seed, target, sweep: swept } = context.settings;
  checkFit(chosen, scenario, swept !== null);
  checkInstances(chosen, scenario, context.settings);
  const subject = chosen === null ? targetOf(target, scenario) : referenceOf(context, chosen, scenario);
  checkSpeaking(scenario, subject);
  checkLink(scenario, context.settings);
  const { connections } = scenario;
  const streams = scenario.rooms === 0 ? connections : Math.min(scenario.rooms, connections);
  const workers = workersOf(scenario, filesPerProcess(context.limits));
  const nodes = subject.kind === 'reference' ? subject.nodes.length : 0;
  const security = securityOf(subject, run);
  const isShared = multiplexes(subject);
  const link = linkOf(context, scenario, subject, isShared ? scenario.streamsPerConnection : 1);
  const needs = {
    connections,
    streamsPerConnection: isShared ? scenario.streamsPerConnection : null,
    isProtected: security !== 'plain',
    serverBytes: chosen?.variant.plannedBytesPerConnection ?? 0,
    isRelayed: link !== null,
    processes: nodes + workers.length + 1 + (link?.processes ?? 0),
  };
  const expected = expectedBytes(needs) + slowReaderBytes(scenario);
  checkMemory(connections, expected, context.limits);
  return {
    order: context.order,
    of: context.of,
    subject,
    protocol: subject.kind === 'target' ? subject.target.protocol : subject.capabilities.protocol,
    scenario,
    sweep,
    searchSteps,
    polling: polling === null ? null : pollingOf(polling, scenario, seed),
    security,
    streamsPerConnection: isShared ? scenario.streamsPerConnection : 1,
    grpc: subject.kind === 'target' ? subject.target.grpc : subject.capabilities.grpc,
    discovery: context.settings.discovery,
    link,
    knownAnswer: context.settings.knownAnswer,
    seed: seed + run.block,
    run: (seed * 31 + context.order * 7_919 + process.pid) % 2 ** 24,
    streams,
    fanOut: connections / streams,
    workers,
    expectedMs: expectedDurationMs(scenario, searchSteps),
    expectedBytes: expected,
  };
}

function linkOf(
  { settings, limits }: Context,
  scenario: Scenario,
  subject: Subject,
  streamsPerConnection: number,
): LinkPlan | null {
  if (settings.link === null) return null;
  const nodes = subject.kind === 'reference' ? subject.nodes : [{ listen: [subject.endpoint] }];
  const onNode = mostOnNode(scenario, settings.discovery.balance, nodes.length);
  return planLink(settings.link, {
    endpoints: nodes.reduce((sum, { listen }) => sum + listen.length, 0),
    connectionsPerEndpoint: Math.ceil(onNode / nodes[0].listen.length / streamsPerConnection),
    files: filesPerProcess(limits),
  });
}

/** Subscribers that one of the nodes may have to hold: those that are left take over from the one that is killed. */
function mostOnNode(scenario: Scenario, balance: BalancePolicy, nodes: number): number {
  if (gathersOnOne(scenario, balance)) return scenario.connections;
  return Math.ceil(scenario.connections / Math.max(1, nodes - killedBy(scenario)));
}

function killedBy({ fault }: Scenario): number {
  return fault === 'kill-node' ? 1 : 0;
}

function securityOf(subject: Subject, { security }: IntendedRun): SecurityKind {
  if (subject.kind === 'reference') return security;
  return subject.target.security === null ? 'plain' : 'tls';
}

const MULTIPLEXED: readonly Protocol[] = ['grpc', 'sse-h2'];

function multiplexes(subject: Subject): boolean {
  if (subject.kind === 'reference') return subject.capabilities.multiplexes;
  return MULTIPLEXED.includes(subject.target.protocol);
}

/** Instances of one service share what is published: with a bus, where they would do without one else. */
function sharing({ capabilities }: Chosen['variant'], { fault }: Scenario): ServerCapabilities {
  if (fault !== 'rolling-restart' || !capabilities.joinsBus) return capabilities;
  return { ...capabilities, bus: 'embedded', publishTo: 'any-node' };
}

function pollingOf(mode: PollingOptions['mode'], scenario: Scenario, seed: number): PollingOptions {
  const { pollIntervalMs: intervalMs, pollJitter: jitter, pollBackoff: backoff } = scenario;
  return { mode, intervalMs, jitter, backoff, seed };
}

/** @throws BenchError where the scenario asks something of a stage that it cannot do. */
function checkFit(chosen: Chosen | null, scenario: Scenario, isSwept: boolean): void {
  const { procedure } = scenario;
  if (scenario.slowShare > 0 && chosen !== null && chosen.variant.capabilities.polling !== null) {
    throw new BenchError(`scenario ${scenario.name}: ${chosen.stage.name}:${chosen.variant.name} is polled`, {
      exitCode: EXIT.usage,
      hint: 'Slow readers need a stage that pushes, such as --stage sse or ws; --slow 0 has none.',
    });
  }
  const article = /^article-(\w+)$/.exec(procedure)?.[1];
  if (article === undefined) return;
  const capabilities = chosen?.variant.capabilities;
  // The articles' claims are of a single node.
  if (capabilities?.protocol === article && capabilities.bus === null && !isSwept) return;
  const seen = isSwept ? '--sweep' : `stage ${chosen?.stage.name ?? 'of your own'}`;
  throw new BenchError(`scenario ${scenario.name}: does not go together with ${seen}`, {
    exitCode: EXIT.usage,
    hint: `Give --stage ${article} --scenario ${scenario.name}, without --sweep.`,
  });
}

function filesPerProcess(limits: HostLimits): number {
  const files = limits.openFiles?.soft ?? 1_024;
  if (files > RESERVED_FILES + 100) return files - RESERVED_FILES;
  throw new BenchError(`too few file descriptors: a process may hold ${files} open files`, {
    exitCode: EXIT.usage,
    hint: `Raise the limit to at least ${RESERVED_FILES + 1_000}, e.g. "ulimit -n 20000", and run again.`,
  });
}

function referenceOf(context: Context, { stage, variant }: Chosen, scenario: Scenario): Subject {
  const { connections } = scenario;
  const capabilities = sharing(variant, scenario);
  const needed = Math.ceil(connections / filesPerProcess(context.limits));
  const wanted = Math.max(
    needed,
    Math.min(scenario.nodes, connections),
    capabilities.bus === null ? 1 : BUS_NODES,
  );
  const killed = killedBy(scenario);
  if (wanted <= (scenario.fault === 'rolling-restart' ? 1 : killed)) throw needsNodes(scenario);
  const { balance } = context.settings.discovery;
  const most =
    filesPerProcess(context.limits) * (capabilities.multiplexes ? scenario.streamsPerConnection : 1);
  if (gathersOnOne(scenario, balance) && connections > most) throw tooManyForOne(scenario, most);
  const nodeCount = Math.max(wanted, needed + killed);
  const sockets = Math.ceil(mostOnNode(scenario, balance, nodeCount) / CONNECTIONS_PER_ADDRESS);
  return {
    kind: 'reference',
    stage: stage.name,
    variant: variant.name,
    tag: variant.tag,
    capabilities,
    givenBus: capabilities.bus === null ? null : (context.settings.buses[capabilities.bus] ?? null),
    nodes: Array.from({ length: nodeCount }, () => ({ listen: listenOn(sockets, context.platform) })),
  };
}

function needsNodes(scenario: Scenario): BenchError {
  return new BenchError(`scenario ${scenario.name}: nodes ${scenario.nodes}: taking one away leaves none`, {
    exitCode: EXIT.usage,
    hint: 'Give --nodes 2 or more.',
  });
}

/** One node may have to hold all connections: the first one, or the last that has not restarted. */
function gathersOnOne({ fault }: Scenario, balance: BalancePolicy): boolean {
  return fault === 'rolling-restart' || balance === 'pick_first';
}

function tooManyForOne({ name, connections }: Scenario, most: number): BenchError {
  return new BenchError(
    `scenario ${name}: connections ${connections}: one instance may have to hold them all, and a process here holds ${most}`,
    { exitCode: EXIT.usage, hint: `Give --connections ${most} or less.` },
  );
}

function listenOn(sockets: number, platform: string): Endpoint[] {
  return Array.from({ length: sockets }, (_, i) => loopbackAddress(i, platform));
}

function targetOf(target: TargetSettings | null, scenario: Scenario): Subject {
  if (target === null)
    throw new BenchError('no stage and no target', { exitCode: EXIT.internal, hint: 'Give --stage.' });
  const shared = MULTIPLEXED.includes(target.protocol) ? scenario.streamsPerConnection : 1;
  const most = TARGET_CONNECTIONS * shared;
  if (scenario.connections > most) {
    const streams = shared === 1 ? '' : `, ${shared} streams on each`;
    throw new BenchError(
      `connections ${scenario.connections}: one address and port holds at most ${TARGET_CONNECTIONS} connections from this host${streams}`,
      { exitCode: EXIT.usage, hint: `Give --connections ${most} or less.` },
    );
  }
  return { kind: 'target', target, endpoint: targetEndpoint(target.url) };
}

/** As few bulk workers as the file limit allows, then one process of probes: never more of them than connections. */
function workersOf(scenario: Scenario, files: number): WorkerPlan[] {
  const probes = Math.min(scenario.probes, scenario.connections);
  const bulk = scenario.connections - probes;
  const count = Math.ceil(bulk / files);
  const plans: WorkerPlan[] = [];
  for (let i = 0; i < count; i++) {
    const firstSlot = Math.floor((bulk * i) / count);
    plans.push({ role: 'worker', firstSlot, slots: Math.floor((bulk * (i + 1)) / count) - firstSlot });
  }
  if (probes > 0) plans.push({ role: 'probe', firstSlot: bulk, slots: probes });
  return plans;
}
