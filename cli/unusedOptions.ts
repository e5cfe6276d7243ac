import type { Procedure, Scenario, Settings, Sweep, TargetSettings, Workload } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { ServerCapabilities, StageInfo } from '../contract/pushServer.ts';
import { SERVERS_OWN } from './fitWorkload.ts';
import { type Given, type GivenOptions, givenBy } from './given.ts';
import { WORKLOAD_KEYS, WORKLOAD_OPTIONS, type WorkloadKey } from './options.ts';
import type { WorkloadDraft } from './overrides.ts';

interface Unused {
  readonly keys: readonly WorkloadKey[];
  readonly why: string;
}

const SEARCHED = 'it finds the rate by a search';
const NOTHING_BREAKS: readonly WorkloadKey[] = ['fault', 'stages', 'churnPerSecond'];
/** Slow readers are let go at the end of the first window: those of a search's later steps would read at full speed. */
const NOBODY_IS_SLOW: readonly WorkloadKey[] = ['slowShare', 'slowBytesPerSecond'];

/** The numbers that a procedure never looks at: giving one would change nothing, in silence. */
const UNUSED: Readonly<Record<Procedure, Unused | null>> = {
  load: null,
  compare: null,
  idle: {
    keys: [
      ...NOTHING_BREAKS,
      ...NOBODY_IS_SLOW,
      'flowMessages',
      'publishVia',
      'typingShare',
      'halfCloseShare',
      'ratePerSecond',
      'arrivals',
      'payloadBytes',
      'encoding',
      'warmupMs',
      'durationMs',
      'profile',
      'profileMs',
      'sloMs',
      'sloQuantile',
    ],
    why: 'it publishes nothing and has no window',
  },
  ceiling: { keys: [...NOTHING_BREAKS, ...NOBODY_IS_SLOW, 'ratePerSecond', 'warmupMs'], why: SEARCHED },
  'article-sse': {
    keys: [...NOTHING_BREAKS, ...NOBODY_IS_SLOW, 'ratePerSecond', 'warmupMs', 'memoryLevels'],
    why: SEARCHED,
  },
  'article-poll': null,
  'article-ws': {
    keys: [...NOTHING_BREAKS, ...NOBODY_IS_SLOW, 'memoryLevels', 'profile', 'profileMs'],
    why: 'it follows memory over time at numbers of connections of its own',
  },
};

/** Numbers that say more of another one, and nothing without it. */
const BESIDE: readonly {
  readonly keys: readonly WorkloadKey[];
  readonly isUsedBy: (scenario: Scenario) => boolean;
  readonly expected: string;
}[] = [
  {
    keys: ['typingShare', 'halfCloseShare'],
    isUsedBy: ({ publishVia }) => publishVia === 'clients',
    expected: 'only together with clients that speak: --scenario chat, or --publish-via clients',
  },
  {
    keys: ['slowBytesPerSecond'],
    isUsedBy: ({ slowShare }) => slowShare > 0,
    expected: 'only together with slow readers: --slow, or --scenario slow-consumer',
  },
];

/** Numbers that only some protocols have a use for. */
const NEEDS: readonly {
  readonly keys: readonly WorkloadKey[];
  readonly isUsedBy: (server: ServerTraits) => boolean;
  readonly expected: string;
}[] = [
  {
    keys: ['pollIntervalMs', 'pollJitter', 'pollBackoff'],
    isUsedBy: ({ polling }) => polling === 'interval',
    expected: 'only together with a stage that is polled at an interval, such as poll',
  },
  {
    keys: ['backendDelayMs'],
    isUsedBy: ({ polling }) => polling !== null,
    expected: 'only together with a stage that is polled, such as poll',
  },
  {
    keys: ['heartbeat', 'heartbeatMs'],
    isUsedBy: ({ protocol }) => protocol === 'sse' || protocol === 'sse-h2' || protocol === 'grpc',
    expected: 'only together with event streams and gRPC, such as stage sse',
  },
  {
    keys: ['encoding'],
    isUsedBy: ({ protocol }) => protocol !== 'grpc',
    expected: 'not for gRPC, which carries the bytes as they were published',
  },
  {
    keys: ['slowShare', 'slowBytesPerSecond', 'flowMessages'],
    isUsedBy: ({ polling }) => polling === null,
    expected:
      'only together with a stage that pushes, such as sse or ws: a poll is answered, not streamed to',
  },
  {
    keys: ['streamsPerConnection'],
    isUsedBy: ({ multiplexes }) => multiplexes,
    expected: 'only together with a stage over HTTP/2, such as grpc or sse:h2',
  },
  {
    keys: ['typingShare', 'halfCloseShare'],
    isUsedBy: ({ uplink }) => uplink !== null,
    expected: 'only together with a stage whose clients can speak, such as grpc:bidi, ws or sse',
  },
];

type ServerTraits = Pick<ServerCapabilities, 'protocol' | 'polling' | 'multiplexes' | 'uplink'>;

/** All that the check looks at. */
export interface Asked {
  readonly options: GivenOptions;
  readonly scenario: Scenario;
  /** The scenario without flags and environment: the same value again changes nothing, and is no fault. */
  readonly base: Workload;
  /** Numbers of the user's own scenario of that name. */
  readonly own: WorkloadDraft;
  readonly chosen: Settings['stages'];
  readonly target: TargetSettings | null;
  readonly stages: readonly StageInfo[];
  readonly sweep: Sweep | null;
}

/** Adds a fault for every number that was given for this very run and that nothing in it would use. */
export function refuseUnused(asked: Asked, faults: Fault[]): void {
  const servers = serversOf(asked);
  for (const key of WORKLOAD_KEYS) {
    const isSwept = asked.sweep?.key === key;
    const one = isSwept ? { key: '--sweep', value: key } : givenFor(key, asked);
    const expected =
      one &&
      (unusedByScenario(key, asked) ??
        unusedByServers(key, asked, servers) ??
        (isSwept ? null : unusedAlone(key, asked)));
    if (one && expected) faults.push({ ...one, expected });
  }
}

function unusedByScenario(key: WorkloadKey, { scenario: { name, procedure } }: Asked): string | null {
  const unused = UNUSED[procedure];
  return unused?.keys.includes(key) ? `not used by scenario ${name}: ${unused.why}` : null;
}

/** A number may be of use to one server among several; a sweep repeats them all, and would draw what stays the same as if it changed. */
function unusedByServers(
  key: WorkloadKey,
  { sweep, target }: Asked,
  servers: readonly ServerTraits[],
): string | null {
  const need = NEEDS.find(({ keys }) => keys.includes(key));
  // Those are refused for a server of the user's own, whatever it speaks.
  const isRefused = target !== null && SERVERS_OWN.includes(key);
  if (need === undefined || isRefused || servers.length === 0) return null;
  if (!servers.some(need.isUsedBy)) return need.expected;
  if (sweep?.key !== key || servers.every(need.isUsedBy)) return null;
  return `${need.expected}; not all that are asked for are`;
}

function unusedAlone(key: WorkloadKey, { scenario, sweep }: Asked): string | null {
  const beside = BESIDE.find(({ keys }) => keys.includes(key));
  const swept = sweep === null ? scenario : { ...scenario, [sweep.key]: Math.max(...sweep.values) };
  return beside === undefined || beside.isUsedBy(swept) ? null : beside.expected;
}

/** The value where it was given by flag, variable or own scenario, and differs from what holds without it. */
function givenFor(key: WorkloadKey, { options, scenario, base, own }: Asked): Given | undefined {
  const given = givenBy(options, WORKLOAD_OPTIONS[key]);
  if (given !== undefined) return scenario[key] === base[key] ? undefined : given;
  if (own[key] === undefined) return undefined;
  return { key: `config.scenarios.${scenario.name}.${key}`, value: own[key] };
}

function serversOf({ chosen, target, stages }: Asked): readonly ServerTraits[] {
  if (target !== null) {
    const { protocol } = target;
    const multiplexes = protocol === 'grpc' || protocol === 'sse-h2';
    return [{ protocol, polling: protocol === 'poll' ? target.polling : null, multiplexes, uplink: null }];
  }
  return chosen.flatMap(({ stage, variant }) => {
    const variants = stages.find(({ name }) => name === stage)?.variants ?? [];
    return variants.filter(({ name }) => name === variant).map(({ capabilities }) => capabilities);
  });
}
