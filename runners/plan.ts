import type { Scenario, Settings } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { GrpcMethod } from '../contract/grpc.ts';
import type { KnownAnswer } from '../contract/knownAnswer.ts';
import type { PollingOptions } from '../contract/loadDriver.ts';
import type { Protocol } from '../contract/pushServer.ts';
import type { SecurityKind } from '../contract/security.ts';
import { checkSpeaking } from './chat/checkSpeaking.ts';
import { checkInstances } from './checkInstances.ts';
import { filesPerProcess } from './filesPerProcess.ts';
import { type Chosen, type IntendedRun, intendedRuns } from './intendedRuns.ts';
import { checkLink } from './link/checkLink.ts';
import { type LinkPlan, planLink } from './link/planLink.ts';
import { expectedDurationMs } from './planDuration.ts';
import { checkMemory, expectedBytes, slowReaderBytes } from './planMemory.ts';
import { mostOnNode, multiplexes, referenceOf, type Subject, targetOf } from './planSubject.ts';
import type { HostLimits } from './samplers/limits.ts';

export interface WorkerPlan {
  readonly role: 'worker' | 'probe';
  readonly firstSlot: number;
  readonly slots: number;
}

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
  const expected = expectedBytes(needs) + slowReaderBytes(scenario, link !== null);
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

function securityOf(subject: Subject, { security }: IntendedRun): SecurityKind {
  if (subject.kind === 'reference') return security;
  return subject.target.security === null ? 'plain' : 'tls';
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
