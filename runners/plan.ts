import type { Scenario, Settings, TargetSettings } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { Endpoint, Protocol, ServerCapabilities, StageInfo } from '../contract/pushServer.ts';
import { findStage } from '../servers/registry.ts';
import { expectedDurationMs } from './planDuration.ts';
import { checkMemory, expectedBytes } from './planMemory.ts';
import type { HostLimits } from './samplers/limits.ts';

/** Files that a process needs beside its connections. */
const RESERVED_FILES = 500;
/** Connections per address and port: connect() slows down long before the ephemeral ports run out. */
const CONNECTIONS_PER_ADDRESS = 2_500;
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
    }
  | { readonly kind: 'target'; readonly target: TargetSettings; readonly endpoint: Endpoint };

export interface RunPlan {
  readonly order: number;
  readonly of: number;
  readonly subject: Subject;
  readonly protocol: Protocol;
  readonly scenario: Scenario;
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
 * @throws BenchError where the machine cannot hold a run; the message says what it could hold.
 */
export function planRuns(
  settings: Settings,
  limits: HostLimits,
  platform: string = process.platform,
): RunPlan[] {
  const subjects = settings.target === null ? stagesOf(settings) : [null];
  // In turn, not one after the other: drift of the machine hits all alike.
  const runs = Array.from({ length: settings.runs }, () => subjects).flat();
  return runs.map((subject, order) => {
    const context = { settings, limits, platform, order, of: runs.length };
    return planRun(context, subject);
  });
}

interface Context {
  readonly settings: Settings;
  readonly limits: HostLimits;
  readonly platform: string;
  readonly order: number;
  readonly of: number;
}

interface Chosen {
  readonly stage: StageInfo;
  readonly variant: string;
}

/** The article's table needs every variant of the stage, whichever was named. */
function stagesOf(settings: Settings): Chosen[] {
  const chosen = settings.stages.map(({ stage, variant }) => ({ stage: findStage(stage), variant }));
  if (settings.scenario.procedure !== 'article-sse') return chosen;
  const stages = [...new Set(chosen.map(({ stage }) => stage))];
  return stages.flatMap((stage) => stage.variants.map(({ name }) => ({ stage, variant: name })));
}

function planRun(context: Context, chosen: Chosen | null): RunPlan {
  const { scenario, seed, target } = context.settings;
  const subject = chosen === null ? targetOf(target, scenario) : referenceOf(context, chosen);
  const streams =
    scenario.rooms === 0 ? scenario.connections : Math.min(scenario.rooms, scenario.connections);
  const workers = workersOf(scenario, filesPerProcess(context.limits));
  const nodes = subject.kind === 'reference' ? subject.nodes.length : 0;
  const serverBytes = chosen?.stage.variants.find(
    ({ name }) => name === chosen.variant,
  )?.plannedBytesPerConnection;
  const expected = expectedBytes(scenario.connections, serverBytes ?? 0, nodes + workers.length + 1);
  checkMemory(scenario.connections, expected, context.limits);
  return {
    order: context.order,
    of: context.of,
    subject,
    protocol: subject.kind === 'target' ? subject.target.protocol : subject.capabilities.protocol,
    scenario,
    seed: seed + context.order,
    run: (seed * 31 + context.order * 7_919 + process.pid) % 2 ** 24,
    streams,
    fanOut: scenario.connections / streams,
    workers,
    expectedMs: expectedDurationMs(scenario),
    expectedBytes: expected,
  };
}

function filesPerProcess(limits: HostLimits): number {
  const files = limits.openFiles?.soft ?? 1_024;
  if (files > RESERVED_FILES + 100) return files - RESERVED_FILES;
  throw new BenchError(`too few file descriptors: a process may hold ${files} open files`, {
    exitCode: EXIT.usage,
    hint: `Raise the limit to at least ${RESERVED_FILES + 1_000}, e.g. "ulimit -n 20000", and run again.`,
  });
}

function referenceOf(context: Context, { stage, variant }: Chosen): Subject {
  const { connections } = context.settings.scenario;
  const nodeCount = Math.ceil(connections / filesPerProcess(context.limits));
  const perNode = Math.ceil(connections / nodeCount);
  const sockets = Math.ceil(perNode / CONNECTIONS_PER_ADDRESS);
  return {
    kind: 'reference',
    stage: stage.name,
    variant,
    tag: stage.variants.find(({ name }) => name === variant)?.tag ?? '',
    capabilities: stage.capabilities,
    nodes: Array.from({ length: nodeCount }, () => ({ listen: listenOn(sockets, context.platform) })),
  };
}

/** Linux answers on all of 127.0.0.0/8; elsewhere several ports of one address do the same. */
function listenOn(sockets: number, platform: string): Endpoint[] {
  return Array.from({ length: sockets }, (_, i) => ({
    host: platform === 'linux' ? `127.0.0.${1 + (i % 250)}` : '127.0.0.1',
    port: 0,
  }));
}

function targetOf(target: TargetSettings | null, scenario: Scenario): Subject {
  if (target === null)
    throw new BenchError('no stage and no target', { exitCode: EXIT.internal, hint: 'Give --stage.' });
  if (scenario.connections > TARGET_CONNECTIONS) {
    throw new BenchError(
      `connections ${scenario.connections}: one address and port holds at most ${TARGET_CONNECTIONS} connections from this host`,
      { exitCode: EXIT.usage, hint: `Give --connections ${TARGET_CONNECTIONS} or less.` },
    );
  }
  const url = new URL(target.url);
  const endpoint = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) };
  return { kind: 'target', target, endpoint };
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
