import type { Host, Run } from '../../contract/result.ts';
import { formatBytes } from '../numbers.ts';
import { describeLink } from '../runLink.ts';
import { isIntervalPolled } from './criteria.ts';
import type { ServerGroup, Source } from './serverGroup.ts';

/** Something that was not the same on all sides of a comparison. */
export interface Difference {
  readonly what: string;
  /** One text per side that differs, with the side's name. */
  readonly values: readonly string[];
}

const HOST: readonly (readonly [string, (host: Host) => string])[] = [
  ['host', ({ hostname }) => hostname],
  ['processor', ({ cpuModel, cores }) => `${cpuModel}, ${cores} cores`],
  ['memory', ({ memoryBytes }) => formatBytes(memoryBytes)],
  ['system', ({ platform, kernel }) => `${platform}, kernel ${kernel}`],
  ['Node', ({ nodeVersion, v8Flags }) => [nodeVersion, ...v8Flags].join(' ')],
];

/** Numbers of a workload that change what its figures mean. */
const LOAD = [
  'connections',
  'rooms',
  'ratePerSecond',
  'arrivals',
  'payloadBytes',
  'churnPerSecond',
  'encoding',
  'fault',
  'stages',
  'nodes',
  'connectPerSecond',
  'maxRetries',
  'heartbeat',
  'heartbeatMs',
  'pollIntervalMs',
  'pollJitter',
  'pollBackoff',
  'backendDelayMs',
  'sloMs',
  'sloQuantile',
] as const;

/** Times that a stage which polls stretches to whole intervals, so that only the others are held against each other. */
const TIMES = ['warmupMs', 'durationMs'] as const;

/** What differs in host, runtime, version and workload; empty where like was compared with like. */
export function differencesOf(sources: readonly Source[], servers: readonly ServerGroup[]): Difference[] {
  const hosts = HOST.map(([what, of]) =>
    difference(
      what,
      sources.map(({ name, result }) => [name, of(result.host)] as const),
    ),
  );
  const versions = difference(
    'pushbench',
    sources.map(({ name, result }) => [name, result.tool.version] as const),
  );
  const prices = difference(
    'prices',
    sources.map(({ name, result }) => [name, JSON.stringify(result.config.cost ?? 'examples')] as const),
  );
  // Several kinds in one result are there to be compared; another kind in another result may be an oversight.
  const security = difference(
    'security',
    sources.map(({ name, result }) => [name, kindsOf(result.runs)] as const),
  );
  const links = difference(
    'link',
    servers.map(({ label, look }) => [label, describeLink(look.run.plan)] as const),
  );
  const shapes = difference(
    'streams on a connection',
    servers.map(({ label, look }) => [label, shapeText(look.run)] as const),
  );
  const pushed = servers.filter((server) => !isIntervalPolled(server));
  const loads = [
    ...LOAD.map((key) => difference(key, sidesOf(servers, key))),
    ...TIMES.map((key) => difference(key, sidesOf(pushed, key))),
  ];
  return [...hosts, versions, prices, security, links, shapes, ...loads].flatMap((found) => found ?? []);
}

function sidesOf(servers: readonly ServerGroup[], key: string) {
  return servers.map(({ label, look }) => [label, workloadText(look.run, key)] as const);
}

function difference(what: string, sides: readonly (readonly [string, string])[]): Difference | null {
  const known = sides.filter(([, value]) => value !== '');
  if (new Set(known.map(([, value]) => value)).size < 2) return null;
  return { what, values: known.map(([name, value]) => (name ? `${name}: ${value}` : value)) };
}

function kindsOf(runs: readonly Run[]): string {
  return [...new Set(runs.map(({ security }) => security.kind))].sort().join(', ');
}

/** Empty where it was swept: then it is what is compared. */
function shapeText({ plan, sweep }: Run): string {
  return sweep?.key === 'streamsPerConnection' ? '' : String(plan.streamsPerConnection);
}

/** Empty where the run does not say: results of older versions know fewer numbers. */
function workloadText({ workload }: Run, key: string): string {
  const value = workload[key];
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
