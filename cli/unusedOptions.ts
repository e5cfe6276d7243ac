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

/** The numbers that a procedure never looks at: giving one would change nothing, in silence. */
const UNUSED: Readonly<Record<Procedure, Unused | null>> = {
  load: null,
  compare: null,
  idle: {
    keys: [
      ...NOTHING_BREAKS,
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
  ceiling: { keys: [...NOTHING_BREAKS, 'ratePerSecond', 'warmupMs'], why: SEARCHED },
  'article-sse': {
    keys: [...NOTHING_BREAKS, 'ratePerSecond', 'warmupMs', 'memoryLevels'],
    why: SEARCHED,
  },
  'article-poll': null,
  'article-ws': {
    keys: [...NOTHING_BREAKS, 'memoryLevels', 'profile', 'profileMs'],
    why: 'it follows memory over time at numbers of connections of its own',
  },
};

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
  const { scenario } = asked;
  const unused = UNUSED[scenario.procedure];
  const servers = serversOf(asked);
  for (const key of WORKLOAD_KEYS) {
    const one = asked.sweep?.key === key ? { key: '--sweep', value: key } : givenFor(key, asked);
    if (one === undefined) continue;
    if (unused?.keys.includes(key)) {
      faults.push({ ...one, expected: `not used by scenario ${scenario.name}: ${unused.why}` });
    }
    const need = NEEDS.find(({ keys }) => keys.includes(key));
    // Those are refused for a server of the user's own, whatever it speaks.
    const isRefused = asked.target !== null && SERVERS_OWN.includes(key);
    if (need !== undefined && !isRefused && servers.length > 0 && !servers.some(need.isUsedBy)) {
      faults.push({ ...one, expected: need.expected });
    }
  }
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
