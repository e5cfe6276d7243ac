import type { TargetSettings } from '../../contract/config.ts';
import type { DirectorySource, Instance, Registration } from '../../contract/discovery.ts';
import { PUBLISH_FIELDS_GRPC, PUBLISH_PATH_GRPC } from '../../contract/grpc.ts';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import type { PublishCalls, PublisherStart } from '../../contract/publisherControl.ts';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type ServerOptions } from '../../contract/pushServer.ts';
import type { ClientSecurity, ServerSecurity } from '../../contract/security.ts';
import type { SlowReaders, WorkerStart } from '../../contract/workerControl.ts';
import type { RunPlan, WorkerPlan } from '../plan.ts';
import { flowLimits } from './flowLimits.ts';

const CONNECT_TIMEOUT_MS = 20_000;
/** Connects under way at once over all workers: well below the backlog of the reference servers. */
const MAX_IN_FLIGHT = 1_000;
/** Until a server of unknown backlog has answered. */
const TARGET_INITIAL_IN_FLIGHT = 4;
const TARGET_MAX_IN_FLIGHT = 200;
/** Requests without an answer on the publisher's connection to a reference server. */
const PIPELINE_DEPTH = 64;

/** What the roles of one run share beyond its plan. */
export interface Access {
  /** null: plain TCP. */
  readonly security: ClientSecurity | null;
  /** Request headers that prove who a client is; empty: none do. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where instances are listed; null: the run tells who there is. */
  readonly directory: DirectorySource | null;
}

export function workerStart(
  plan: RunPlan,
  worker: WorkerPlan,
  endpoints: readonly Endpoint[],
  access: Access,
): WorkerStart {
  const { subject, scenario } = plan;
  const isTarget = subject.kind === 'target';
  const share = worker.slots / scenario.connections;
  const maxInFlight = Math.max(4, Math.ceil((isTarget ? TARGET_MAX_IN_FLIGHT : MAX_IN_FLIGHT) * share));
  const firstProbe = plan.workers.find(({ role }) => role === 'probe')?.firstSlot ?? scenario.connections;
  return {
    run: plan.run,
    seed: plan.seed,
    protocol: plan.protocol,
    kind: worker.role === 'probe' ? 'ecosystem' : 'lean',
    fleetSlots: scenario.connections,
    firstSlot: worker.firstSlot,
    slots: worker.slots,
    firstProbeSlot: firstProbe,
    endpoints,
    nodes: isTarget ? 1 : Math.max(1, subject.nodes.length),
    path: isTarget ? subject.target.path : subject.capabilities.streamPath,
    headers: isTarget ? subject.target.headers : access.headers,
    streams: plan.streams,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    maxInFlight,
    initialInFlight: isTarget ? TARGET_INITIAL_IN_FLIGHT : maxInFlight,
    maxRetries: scenario.maxRetries,
    polling: plan.polling,
    security: isTarget ? namedSecurity(subject, plan) : access.security,
    streamsPerConnection: plan.streamsPerConnection,
    grpc: plan.grpc,
    custom: isTarget ? customOf(subject.target) : null,
    tokensFile: isTarget ? subject.target.tokensFile : null,
    slow: slowReaders(plan),
    directory: access.directory,
    balance: plan.discovery.balance,
  };
}

function customOf({ driver, url }: TargetSettings): WorkerStart['custom'] {
  return driver === null ? null : { module: driver, url };
}

/** Behind a relay, which has an address of its own, a server is still who it was said to be. */
function namedSecurity(
  { target, endpoint }: Extract<RunPlan['subject'], { kind: 'target' }>,
  { link }: RunPlan,
): ClientSecurity | null {
  if (link === null || target.security === null) return target.security;
  return { ...target.security, serverName: target.security.serverName ?? endpoint.host };
}

function slowReaders({
  scenario: { slowShare: share, slowBytesPerSecond: bytesPerSecond },
}: RunPlan): SlowReaders | null {
  return share === 0 ? null : { share, bytesPerSecond };
}

/** Where messages are posted, and the instances that calls go to. */
export interface PublishPlaces {
  readonly ingest: readonly Endpoint[];
  readonly instances: readonly Instance[];
}

export function publisherStart(plan: RunPlan, places: PublishPlaces, access: Access): PublisherStart {
  const { subject, scenario } = plan;
  const scheme = access.security === null ? 'http' : 'https';
  const common = { run: plan.run, streams: plan.streams, payloadBytes: scenario.payloadBytes };
  if (subject.kind === 'target') {
    return {
      ...common,
      urls: [subject.target.publishUrl ?? subject.target.url],
      publishTo: 'any-node',
      batch: false,
      depth: subject.target.publishDepth,
      headers: subject.target.publishHeaders,
      topicHeader: false,
      security: subject.target.security,
      calls: targetCalls(subject),
      body: subject.target.publishBody,
      // An address wins over what the driver can do itself.
      custom: subject.target.publishUrl === null ? customOf(subject.target) : null,
    };
  }
  return {
    ...common,
    urls: places.ingest.map(({ host, port }) => `${scheme}://${host}:${port}${PUBLISH_PATH}`),
    publishTo: subject.capabilities.publishTo,
    batch: subject.capabilities.ingestBatch,
    depth: PIPELINE_DEPTH,
    headers: access.headers,
    topicHeader: true,
    security: access.security,
    calls: scenario.publishVia === 'call' ? publishCalls(plan, places, access) : null,
    body: null,
    custom: null,
  };
}

/** The one instance is the one that was named. */
function targetCalls({
  target,
  endpoint,
}: Extract<RunPlan['subject'], { kind: 'target' }>): PublishCalls | null {
  if (target.publishCall === null) return null;
  const instances = [{ nodeId: 'target', endpoints: [endpoint], weight: 1 }];
  return { ...target.publishCall, balance: 'pick_first', directory: null, instances };
}

function publishCalls(plan: RunPlan, { instances }: PublishPlaces, { directory }: Access): PublishCalls {
  return {
    path: PUBLISH_PATH_GRPC,
    fields: PUBLISH_FIELDS_GRPC,
    balance: plan.discovery.balance,
    directory,
    instances,
  };
}

/** A poller's connection rests between two polls: it must not be closed for that. */
const KEEP_ALIVE_MARGIN_MS = 10_000;

/** @param busUrl null: the node needs none */
export function serverOptions(
  plan: RunPlan,
  node: {
    readonly nodeId: string;
    readonly listen: readonly Endpoint[];
    readonly busUrl: string | null;
    readonly security: ServerSecurity | null;
    readonly registration: Registration | null;
  },
): ServerOptions {
  const { scenario } = plan;
  return {
    ...DEFAULT_SERVER_OPTIONS,
    listen: node.listen,
    encoding: scenario.encoding,
    heartbeat: scenario.heartbeat,
    heartbeatMs: scenario.heartbeatMs,
    backendDelayMs: scenario.backendDelayMs,
    keepAliveMs: longestPauseMs(plan) + KEEP_ALIVE_MARGIN_MS,
    nodeId: node.nodeId,
    busUrl: node.busUrl,
    security: node.security,
    flow: flowLimits(scenario),
    registration: node.registration,
    instrument: plan.knownAnswer?.server ?? null,
  };
}

/** Between two polls of one client: jitter moves one of them, and back-off grows to 8 intervals. */
export function longestPauseMs({ polling }: Pick<RunPlan, 'polling'>): number {
  if (polling === null) return 0;
  return polling.intervalMs * ((polling.backoff > 1 ? 8 : 1) + polling.jitter);
}
