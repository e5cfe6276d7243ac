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
  config: {
    flag: '--config <file>',
    env: 'BENCH_CONFIG',
    description: 'config file instead of ./bench.config.ts',
    group: 'What to run',
  },
  target: {
    flag: '--target <url>',
    env: 'BENCH_TARGET',
    description: 'a server of your own instead of a reference server, such as http://127.0.0.1:9000',
    group: 'Own server',
  },
  protocol: {
    flag: '--protocol <name>',
    env: 'BENCH_PROTOCOL',
    description: 'protocol that it speaks: sse, ws or poll (default: sse; ws for a ws:// address)',
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
      'path of its stream; {topic} is replaced by the room (default: /events, /ws, /state; held polls: /poll)',
    group: 'Own server',
  },
  publishUrl: {
    flag: '--publish-url <url>',
    env: 'BENCH_PUBLISH_URL',
    description: 'where messages are posted; without it: connection and arrival figures only',
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
    description: 'request header for stream and publish (repeatable; never written into results)',
    repeatable: LINES,
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
