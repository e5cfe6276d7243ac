/** An option of `bench run` that is no number of the workload. */
export interface RunOption {
  readonly flag: string;
  /** Environment variable; null: flag only. */
  readonly env: string | null;
  readonly description: string;
  /** May be given more than once; true where a flag's value may be a list itself, split like a variable. */
  readonly repeatable?: { readonly variableSplitAt: RegExp; readonly flagIsList: boolean };
  readonly group: 'What to run' | 'Own server' | 'Output';
}

const LIST = { variableSplitAt: /,/, flagIsList: true };
/** A comma may be part of a header: lines. */
const LINES = { variableSplitAt: /\n/, flagIsList: false };
/** A comma inside a label's value is kept. */
const LABELS = { variableSplitAt: /,(?=[\w.-]+=)/, flagIsList: false };

/** The one table of them, by key. */
export const RUN_OPTIONS = {
  stage: {
    flag: '--stage <names>',
    env: 'BENCH_STAGE',
    description: 'stages, as a list: sse, sse:raw, poll,sse:raw,ws; all: every stage there is',
    repeatable: LIST,
    group: 'What to run',
  },
  variant: {
    flag: '--variant <names>',
    env: 'BENCH_VARIANT',
    description: 'variants of the stage, as a list: raw,shared',
    repeatable: LIST,
    group: 'What to run',
  },
  scenario: {
    flag: '--scenario <name>',
    env: 'BENCH_SCENARIO',
    description:
      'what load means; `bench list scenarios` shows them (default: steady; several stages: compare)',
    group: 'What to run',
  },
  bus: {
    flag: '--bus <kinds>',
    env: 'BENCH_BUS',
    description:
      'bus of a cluster stage, as a list: embedded, redis-pubsub, redis-streams; redis-pubsub=redis://host:port takes one that runs',
    repeatable: LIST,
    group: 'What to run',
  },
  security: {
    flag: '--security <kinds>',
    env: 'BENCH_SECURITY',
    description: 'how connections are protected, as a list: plain, tls, mtls-jwt (default: plain)',
    repeatable: LIST,
    group: 'What to run',
  },
  discovery: {
    flag: '--discovery <where>',
    env: 'BENCH_DISCOVERY',
    description:
      'where instances are listed: static, etcd (a private one), or etcd://host:port (default: static)',
    group: 'What to run',
  },
  balance: {
    flag: '--balance <policy>',
    env: 'BENCH_BALANCE',
    description:
      'how clients choose an instance: pick_first, round_robin, weighted_round_robin (default: round_robin)',
    group: 'What to run',
  },
  link: {
    flag: '--link <delays>',
    env: 'BENCH_LINK',
    description:
      'a slower network between clients and servers, by a relay: rtt=80ms or rtt=80ms,jitter=20ms; loss is not emulated',
    group: 'What to run',
  },
  sweep: {
    flag: '--sweep <values>',
    env: 'BENCH_SWEEP',
    description:
      'repeat the run at each of several loads: rate=1k..100k (in steps of 1, 2, 5) or connections=1k,10k,100k',
    group: 'What to run',
  },
  runs: {
    flag: '--runs <count>',
    env: 'BENCH_RUNS',
    description: 'times each stage is run, in alternation (default: 1; scenario compare: 3)',
    group: 'What to run',
  },
  seed: {
    flag: '--seed <number>',
    env: 'BENCH_SEED',
    description: 'seed of schedule, connect order and padding',
    group: 'What to run',
  },
  calibrate: {
    flag: '--calibrate <when>',
    env: 'BENCH_CALIBRATE',
    description:
      'measure first what the generator can take, to tell the load as a share of it: auto (once on this host), never, again (default: auto)',
    group: 'What to run',
  },
  config: {
    flag: '--config <file>',
    env: 'BENCH_CONFIG',
    description: 'config file instead of ./bench.config.ts',
    group: 'What to run',
  },
  target: {
    flag: '--target <url>',
    env: 'BENCH_TARGET',
    description:
      'a server of your own instead of a reference server: http(s)://, ws(s)://, or host:port of a gRPC service',
    group: 'Own server',
  },
  protocol: {
    flag: '--protocol <name>',
    env: 'BENCH_PROTOCOL',
    description:
      'protocol that it speaks: sse, sse-h2, ws, poll or grpc (default: sse; ws for ws://, grpc for grpc://; custom with --driver)',
    group: 'Own server',
  },
  pollMode: {
    flag: '--poll-mode <mode>',
    env: 'BENCH_POLL_MODE',
    description:
      'protocol poll: interval, or held where the server answers when there is news (default: interval)',
    group: 'Own server',
  },
  path: {
    flag: '--path <path>',
    env: 'BENCH_PATH',
    description:
      'path of its stream; {topic} is replaced by the room, {slot} and {token} by the client (default: /events, /ws, /state; held polls: /poll)',
    group: 'Own server',
  },
  publishUrl: {
    flag: '--publish-url <url>',
    env: 'BENCH_PUBLISH_URL',
    description:
      'where messages are posted, or a path of the same address; without it: connection and arrival figures only (grpc: calls to our own Publish)',
    group: 'Own server',
  },
  publishDepth: {
    flag: '--publish-depth <count>',
    env: 'BENCH_PUBLISH_DEPTH',
    description: 'publishes in flight before the first answer (default: 1)',
    group: 'Own server',
  },
  pid: {
    flag: '--pid <pid>',
    env: 'BENCH_PID',
    description: 'its process, sampled for memory and CPU (repeatable)',
    repeatable: LIST,
    group: 'Own server',
  },
  header: {
    flag: '--header <name: value>',
    env: 'BENCH_HEADER',
    description:
      'request header, or gRPC metadata, of streams and publishes; {topic}, {slot} and {token} are replaced (repeatable; never written into results)',
    repeatable: LINES,
    group: 'Own server',
  },
  publishHeader: {
    flag: '--publish-header <name: value>',
    env: 'BENCH_PUBLISH_HEADER',
    description:
      'header of publishes alone, in the place of a --header of that name; {topic} is replaced (repeatable; never written into results)',
    repeatable: LINES,
    group: 'Own server',
  },
  publishBodyTemplate: {
    flag: '--publish-body-template <text>',
    env: 'BENCH_PUBLISH_BODY_TEMPLATE',
    description:
      'body of publishes, JSON or a form, with {payload} in it once; {topic} is replaced (default: the payload alone)',
    group: 'Own server',
  },
  tokens: {
    flag: '--tokens <file>',
    env: 'BENCH_TOKENS',
    description:
      "CSV of tokens, column `token` or the first: each client's stands where {token} does in --path and --header",
    group: 'Own server',
  },
  tlsCa: {
    flag: '--tls-ca <file>',
    env: 'BENCH_TLS_CA',
    description: "PEM of the authorities that its certificate is checked against (default: the system's)",
    group: 'Own server',
  },
  tlsCert: {
    flag: '--tls-cert <file>',
    env: 'BENCH_TLS_CERT',
    description: "PEM of the clients' own certificate, where it asks for one",
    group: 'Own server',
  },
  tlsKey: {
    flag: '--tls-key <file>',
    env: 'BENCH_TLS_KEY',
    description: 'PEM of the private key of --tls-cert (never written into results)',
    group: 'Own server',
  },
  tlsServerName: {
    flag: '--tls-server-name <name>',
    env: 'BENCH_TLS_SERVER_NAME',
    description: 'name that its certificate must be good for (default: the host of the address)',
    group: 'Own server',
  },
  proto: {
    flag: '--proto <file>',
    env: 'BENCH_PROTO',
    description: 'grpc: .proto of a service of your own (default: our push.proto)',
    group: 'Own server',
  },
  protoPath: {
    flag: '--proto-path <dir>',
    env: 'BENCH_PROTO_PATH',
    description: 'grpc: folder of what the .proto imports (repeatable)',
    repeatable: LIST,
    group: 'Own server',
  },
  method: {
    flag: '--method <name>',
    env: 'BENCH_METHOD',
    description: 'grpc: method that streams to a subscriber, such as chat.v1.Feed/Watch',
    group: 'Own server',
  },
  dataField: {
    flag: '--data-field <name>',
    env: 'BENCH_DATA_FIELD',
    description: 'grpc: field of what is streamed that holds the message, a string or bytes',
    group: 'Own server',
  },
  topicField: {
    flag: '--topic-field <name>',
    env: 'BENCH_TOPIC_FIELD',
    description: 'grpc: field of the request that names the room (without it: one room)',
    group: 'Own server',
  },
  idField: {
    flag: '--id-field <name>',
    env: 'BENCH_ID_FIELD',
    description: 'grpc: field of what is streamed that holds its id, an integer',
    group: 'Own server',
  },
  lastIdField: {
    flag: '--last-id-field <name>',
    env: 'BENCH_LAST_ID_FIELD',
    description: 'grpc: field of the request that names the last id, to resume after it',
    group: 'Own server',
  },
  publishMethod: {
    flag: '--publish-method <name>',
    env: 'BENCH_PUBLISH_METHOD',
    description: 'grpc: unary method that messages are published by, instead of --publish-url',
    group: 'Own server',
  },
  publishField: {
    flag: '--publish-field <name>',
    env: 'BENCH_PUBLISH_FIELD',
    description: 'grpc: field of its request that holds the message',
    group: 'Own server',
  },
  driver: {
    flag: '--driver <file>',
    env: 'BENCH_DRIVER',
    description: 'module of a driver of your own, for a protocol that is not here: docs/adapters/README.md',
    group: 'Own server',
  },
  allowRemote: {
    flag: '--allow-remote',
    env: 'BENCH_ALLOW_REMOTE',
    description: 'permit a target that is not loopback: yours, or one you may load',
    group: 'Own server',
  },
  out: {
    flag: '--out <dir>',
    env: 'BENCH_OUT',
    description: 'result folder (default: bench-results/<time>-<stages>-<scenario>)',
    group: 'Output',
  },
  label: {
    flag: '--label <key=value>',
    env: 'BENCH_LABEL',
    description: 'label kept in the result (repeatable)',
    repeatable: LABELS,
    group: 'Output',
  },
  threshold: {
    flag: '--threshold <condition>',
    env: 'BENCH_THRESHOLD',
    description:
      "what must hold, or exit code 4: 'latencyUs.delivery.p99 < 50ms'; paths: `bench list metrics` (repeatable)",
    repeatable: LINES,
    group: 'Output',
  },
  export: {
    flag: '--export <format>',
    env: 'BENCH_EXPORT',
    description:
      'also for dashboards: prometheus-textfile, or prometheus-textfile=FILE (default file: metrics.prom in the result folder)',
    group: 'Output',
  },
  dryRun: { flag: '--dry-run', env: null, description: 'print the plan and stop', group: 'Output' },
  json: {
    flag: '--json',
    env: null,
    description: 'result.json on stdout instead of the summary',
    group: 'Output',
  },
  open: { flag: '--open', env: null, description: 'open the report in the browser', group: 'Output' },
} as const satisfies Readonly<Record<string, RunOption>>;

export type RunOptionKey = keyof typeof RUN_OPTIONS;
