import type { BalancePolicy, DiscoveryKind } from './discovery.ts';
import type { GrpcMethod, PublishFields } from './grpc.ts';
import type { KnownAnswer } from './knownAnswer.ts';
import type { LinkSpec } from './link.ts';
import type { BusKind, Encoding, HeartbeatStyle, Protocol } from './pushServer.ts';
import type { LoadStage } from './schedule.ts';
import type { ClientSecurity, SecurityKind } from './security.ts';
import type { Threshold } from './threshold.ts';

/** How a scenario is carried out. A scenario file names one and fills in its numbers. */
export type Procedure =
  /** Connect, warm up, measure, drain, profile. */
  | 'load'
  /** Connect in levels and measure memory; nothing is published. */
  | 'idle'
  /** Search for the highest publish rate that keeps the objective. */
  | 'ceiling'
  /** All variants of the stage through the article's table. */
  | 'article-sse'
  /** The article's table of polling, and a sweep over the polls per second. */
  | 'article-poll'
  /** Resident memory over time at growing numbers of WebSocket connections. */
  | 'article-ws'
  /** The same load on every stage, in balanced turns, then a ceiling search for each. */
  | 'compare';

/** What is broken in the middle of the measured window. */
export type FaultKind =
  | 'none'
  /** All connections are cut at once. */
  | 'cut-connections'
  /** One server node is killed with SIGKILL. */
  | 'kill-node'
  /** Every instance in turn drains, ends, and another one takes its place. */
  | 'rolling-restart';

export type ProfileKind = 'none' | 'cpu' | 'heap' | 'clinic-flame' | 'clinic-doctor' | 'clinic-bubbleprof';

/** What load means: every number of a scenario, each overridable by config, environment and flag. */
export interface Workload {
  /** Live connections. */
  readonly connections: number;
  /** Number of rooms (topics) the connections are spread over; 0: a room per connection. */
  readonly rooms: number;
  /** Publishes per second, in all rooms together. */
  readonly ratePerSecond: number;
  /** Gaps between publishes. */
  readonly arrivals: 'uniform' | 'poisson';
  /** Bytes of one message, envelope included. */
  readonly payloadBytes: number;
  /** Milliseconds of load before the measured window. */
  readonly warmupMs: number;
  /** Milliseconds of the measured window; of one step for `ceiling`. */
  readonly durationMs: number;
  /** Intended connects per second. */
  readonly connectPerSecond: number;
  /** Levels of connections at which memory is sampled; 0 or 1: connect in one go, no slope. */
  readonly memoryLevels: number;
  /** Connections closed by the client and opened again per second, during warm-up and window. */
  readonly churnPerSecond: number;
  /** Connections made by the ecosystem's own client, scattered among the others and part of `connections`. */
  readonly probes: number;
  readonly encoding: Encoding;
  readonly heartbeat: HeartbeatStyle;
  readonly heartbeatMs: number;
  readonly profile: ProfileKind;
  /** Milliseconds of the profile pass. */
  readonly profileMs: number;
  /** Service-level objective of `ceiling` and of ROI 2: delivery latency at `sloQuantile`, milliseconds. */
  readonly sloMs: number;
  readonly sloQuantile: number;
  /** Attempts to reconnect before a connection is given up. */
  readonly maxRetries: number;
  /** Server nodes at least; the file limit may ask for more. */
  readonly nodes: number;
  /** Load shape of the measured window; empty: `ratePerSecond` for `durationMs`. */
  readonly stages: readonly LoadStage[];
  readonly fault: FaultKind;
  /** Milliseconds between two polls of a client, for stages that poll. */
  readonly pollIntervalMs: number;
  /** Share of the interval by which each poll is moved at random, 0 to 1. */
  readonly pollJitter: number;
  /** Factor by which the interval grows after each empty poll, up to 8 intervals; 1: never. */
  readonly pollBackoff: number;
  /** Time of the store behind each poll, milliseconds. */
  readonly backendDelayMs: number;
  /** Subscriptions that share a connection, for protocols that multiplex (HTTP/2). */
  readonly streamsPerConnection: number;
  /** Who publishes: the publisher's own schedule over `post` (HTTP) or `call` (gRPC), or the `clients` themselves. */
  readonly publishVia: 'post' | 'call' | 'clients';
  /** `publishVia` clients: share of what they say that is a typing notice, 0 to 1. */
  readonly typingShare: number;
  /** `publishVia` clients: share of them that end their half halfway through the window, 0 to 1. */
  readonly halfCloseShare: number;
  /** Share of the connections that read slowly, 0 to 1. */
  readonly slowShare: number;
  /** Bytes per second that a slow one reads. */
  readonly slowBytesPerSecond: number;
  /** Flow control: messages that may be under way to one subscriber. */
  readonly flowMessages: number;
}

export interface Scenario extends Workload {
  readonly name: string;
  readonly summary: string;
  readonly procedure: Procedure;
  /** What it is repeated over where no `--sweep` is given, and the swept number is not; null: one run. */
  readonly sweep: Sweep | null;
}

/** A scenario of the user's own: any number of a workload over those of a built-in one. */
export interface UserScenario extends Partial<Workload> {
  /** Built-in scenario whose numbers hold where none are given. @default 'steady' */
  readonly extends?: string;
  readonly summary?: string;
}

/** A unary call that publishes one message. */
export interface PublishCall {
  /** E.g. `/pushbench.v1.Push/Publish`. */
  readonly path: string;
  readonly fields: PublishFields;
}

/** A server of the user's own, driven through its public addresses. */
export interface TargetSettings {
  /** Base URL, e.g. `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly protocol: Protocol;
  /** Path of the stream; `{topic}` is replaced by the topic name. */
  readonly path: string;
  /** URL that messages are posted to; null: none are posted. */
  readonly publishUrl: string | null;
  /** How a client of protocol `poll` asks again. @default 'interval' */
  readonly polling: 'interval' | 'held';
  /** null: plain TCP. PEM texts never go into results. */
  readonly security: ClientSecurity | null;
  /** Protocol `grpc`: how its clients subscribe; null: another protocol. */
  readonly grpc: GrpcMethod | null;
  /** Unary call that messages are published by; null: they are posted, where `publishUrl` says so. */
  readonly publishCall: PublishCall | null;
  /** Processes whose memory and CPU are sampled. */
  readonly pids: readonly number[];
  /** Publishes in flight on the connection before the first answer. @default 1 */
  readonly publishDepth: number;
  /** Extra request headers of the streams, e.g. authorisation; `{topic}`, `{slot}` and `{token}` are replaced. Values never go into results. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of publish requests: those of `headers` that are not one client's, a header of its own in its place; `{topic}` is replaced. Values never go into results. */
  readonly publishHeaders: Readonly<Record<string, string>>;
  /** What a posted body looks like; null: the payload alone. */
  readonly publishBody: PublishBody | null;
  /** CSV file of one token for each client, which stands where `{token}` does; null: there is none. Its content never goes into results. */
  readonly tokensFile: string | null;
  /** Tokens in that file; fewer than clients are dealt round. 0: there is none. */
  readonly tokens: number;
  /** Module of a driver of the user's own, for protocol `custom`; null: a driver that is here. */
  readonly driver: string | null;
  /** A server that is started for each run; null: it runs already. Then `url` and `publishUrl` have port 0 until it is. */
  readonly launch: LaunchSettings | null;
  /** A target that is not loopback is refused without this. */
  readonly allowRemote: boolean;
}

/** What stands around the payload in a posted body. */
export interface PublishBody {
  /** Text with `{payload}` once; `{topic}` is replaced by the topic name. */
  readonly template: string;
  /** E.g. `application/json`. */
  readonly contentType: string;
}

/** How a server of the user's own is made and started. Commands are those of a shell; `{port}` and `{root}` are replaced in them. */
export interface LaunchSettings {
  /** Once in each checkout, before `build`: what it depends on. null: nothing. */
  readonly install: string | null;
  /** Once in each checkout. null: nothing. */
  readonly build: string | null;
  /** Serves at `{port}` of loopback until it gets SIGTERM. */
  readonly start: string;
  /** Path that answers 2xx once it serves; null: it serves once it accepts connections. */
  readonly ready: string | null;
  /** Beside the environment of `bench`; `{port}` is replaced. Values never go into results. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder in the checkout that commands run in, such as `server`. @default '.' */
  readonly cwd: string;
  /** The checkout: `{root}` of the commands is where the config file is, `folder` is what is measured. Absolute. */
  readonly folder: string;
  /** Folder of the config file, absolute. */
  readonly root: string;
  /** Until it is ready, milliseconds. @default 30000 */
  readonly readyMs: number;
}

/** True where messages are published to a target; else there are arrival figures only. */
export function isPublishedTo({ publishUrl, publishCall, driver }: TargetSettings): boolean {
  return publishUrl !== null || publishCall !== null || driver !== null;
}

/** Whether the user's own driver publishes. */
export function publishesByDriver({ publishUrl, driver }: TargetSettings): boolean {
  return driver !== null && publishUrl === null;
}

/** Whether a run first measures what the generator can take: where this host has not done so yet, never, or anew. */
export type Calibrate = 'auto' | 'never' | 'again';

/** What one invocation of `bench run` does, after defaults, file, environment and flags are merged. */
export interface Settings {
  readonly stages: readonly { readonly stage: string; readonly variant: string }[];
  readonly scenario: Scenario;
  readonly target: TargetSettings | null;
  readonly runs: number;
  readonly seed: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly cost: CostRates | null;
  /** Buses given from elsewhere, by kind; a kind that is not here is started by the run itself. */
  readonly buses: Readonly<Partial<Record<BusKind, string>>>;
  /** Repeats every run at each value; null: none. */
  readonly sweep: Sweep | null;
  /** Each stage is run with each. */
  readonly security: readonly SecurityKind[];
  readonly discovery: {
    readonly kind: DiscoveryKind;
    /** An etcd that runs already; null: a run that needs one starts its own. */
    readonly etcdUrl: string | null;
    readonly balance: BalancePolicy;
  };
  /** What lies between clients and servers; null: nothing but the loopback device. */
  readonly link: LinkSpec | null;
  readonly calibrate: Calibrate;
  /** What must hold of every run's figures; exit code 4 where one does not. */
  readonly thresholds: readonly Threshold[];
  /** Only in the harness' own tests of itself. */
  readonly knownAnswer: KnownAnswer | null;
}

/** Over plain TCP, with the instances that the run itself starts, nothing wrong, and nothing measured beside. */
export const DEFAULT_ACCESS: Pick<
  Settings,
  'security' | 'discovery' | 'link' | 'calibrate' | 'thresholds' | 'knownAnswer'
> = {
  security: ['plain'],
  discovery: { kind: 'static', etcdUrl: null, balance: 'round_robin' },
  link: null,
  calibrate: 'never',
  thresholds: [],
  knownAnswer: null,
};

/** One number of the workload that takes several values. */
export interface Sweep {
  readonly key: 'ratePerSecond' | 'connections' | 'flowMessages' | 'slowShare' | 'streamsPerConnection';
  readonly values: readonly number[];
}

/** Prices for the money ROI. */
export interface CostRates {
  readonly perCoreHour: number;
  readonly perGiBHour: number;
  readonly perGiBEgress: number;
  readonly currency: string;
}

/** A value as a config file may give it: numbers also as strings with a unit, load shapes as `{duration, rate}`. */
type GivenValue<T> =
  | T
  | string
  | (T extends readonly LoadStage[]
      ? readonly { readonly duration: number | string; readonly rate: number | string }[]
      : never);

/** Shape of `bench.config.ts`. Unknown keys are errors. Sizes, durations and rates may be strings such as `1KB`, `2m`, `10k`. */
export interface BenchConfig {
  /** Stages that `bench run` takes when none is named, e.g. `['sse']` or `['sse:raw']`. */
  readonly stages?: readonly string[];
  /** Scenario that `bench run` takes when none is named. */
  readonly scenario?: string;
  /** Numbers that hold for every scenario. */
  readonly workload?: { readonly [K in keyof Workload]?: GivenValue<Workload[K]> };
  /** Scenarios of your own. */
  readonly scenarios?: Readonly<
    Record<string, { readonly [K in keyof UserScenario]?: GivenValue<UserScenario[K]> }>
  >;
  readonly runs?: number;
  readonly seed?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly cost?: CostRates;
  /** A server of your own, which `bench run` and `bench gate` drive where neither a stage nor an address is named. */
  readonly target?: TargetConfig;
  /** E.g. `['latencyUs.delivery.p99 < 50ms', 'deliveries.lost == 0']`: paths of `bench list metrics`. */
  readonly thresholds?: readonly string[];
  /** What `bench gate` takes where no flag says otherwise. */
  readonly gate?: GateConfig;
  /** Your traffic, your weights and your costs of change, for `bench adr`. */
  readonly decision?: DecisionConfig;
}

/** A server of your own: one that is started (`start`), or one that runs (`url`). The other keys are the options of `bench run`. */
export interface TargetConfig {
  /** Once in each checkout, such as `npm ci`. */
  readonly install?: string;
  /** Once in each checkout, such as `go build -o srv .`. */
  readonly build?: string;
  /** E.g. `./srv --port {port}`; `{root}` is the folder of the config file. */
  readonly start?: string;
  /** Path that answers 2xx once the server serves. @default it accepts connections */
  readonly ready?: string;
  /** How long that may take, such as `30s`. @default '30s' */
  readonly readyTimeout?: string | number;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder in the checkout that commands run in. @default '.' */
  readonly cwd?: string;
  /** Address of a server that runs already. */
  readonly url?: string;
  readonly pid?: number | readonly number[];
  /** @default 'sse' */
  readonly protocol?: string;
  readonly pollMode?: 'interval' | 'held';
  /** Of the stream; `{topic}`, `{slot}` and `{token}` are replaced. */
  readonly path?: string;
  /** Path, or URL of another address, that messages are posted to. */
  readonly publish?: string;
  readonly publishDepth?: number;
  /** E.g. `{ authorization: 'Bearer {token}' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly publishHeaders?: Readonly<Record<string, string>>;
  /** E.g. `{"room":"{topic}","text":"{payload}"}`. */
  readonly publishBodyTemplate?: string;
  /** CSV file of tokens. */
  readonly tokens?: string;
  /** Module of a driver of your own. */
  readonly driver?: string;
  readonly proto?: string;
  readonly protoPath?: string | readonly string[];
  readonly method?: string;
  readonly dataField?: string;
  readonly topicField?: string;
  readonly idField?: string;
  readonly lastIdField?: string;
  readonly publishMethod?: string;
  readonly publishField?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsServerName?: string;
}

/** Of `bench gate`. */
export interface GateConfig {
  /** By path: a share such as `'5%'`, or for counts a number. */
  readonly tolerances?: Readonly<Record<string, string | number>>;
  readonly blocks?: number;
  readonly maxTime?: string | number;
  readonly onInconclusive?: 'warn' | 'fail';
}

/** Of `bench adr`. */
export interface DecisionConfig {
  /** What you have to serve; sizing and cost are made for it. */
  readonly traffic?: {
    /** Registered or daily users, as you count them. */
    readonly users?: number | string;
    /** Of them, the share that is connected at the busiest moment, 0 to 1. @default 1 */
    readonly peakShare?: number;
    /** Live connections at the peak, in place of users x share. */
    readonly connections?: number | string;
    /** Messages published per second, in all rooms together. */
    readonly messagesPerSecond?: number | string;
    /** Subscribers that each message reaches. */
    readonly fanOut?: number | string;
    /** Bytes of a message. */
    readonly payloadBytes?: number | string;
  };
  /** How much each counts; they are divided by their sum. */
  readonly weights?: {
    readonly latency?: number;
    readonly memory?: number;
    readonly cost?: number;
    readonly operability?: number;
  };
  /** Your judgement of running it, by stage, 0 (hardest) to 10 (easiest), with your reason. */
  readonly operability?: Readonly<Record<string, { readonly score: number; readonly why: string }>>;
  /** What changing over takes. */
  readonly migration?: {
    /** The stage that you run today. */
    readonly from?: string;
    /** Person-days to change over, by stage. */
    readonly personDays?: Readonly<Record<string, number>>;
    /** Price of a person-day, in the currency of `cost`. */
    readonly ratePerDay?: number;
  };
  /** What a node is. */
  readonly node?: {
    readonly cores?: number;
    readonly memoryGiB?: number;
    readonly gbitPerSecond?: number;
    /** Share of a node that may be used at the peak, 0 to 1. @default 0.6 */
    readonly usableShare?: number;
    /** Time within which all clients must be back after a break, such as `30s`. @default '30s' */
    readonly reconnectWithin?: string | number;
  };
}

/** Identity function that gives `bench.config.ts` its types. */
export function defineConfig(config: BenchConfig): BenchConfig {
  return config;
}
