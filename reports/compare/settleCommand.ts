import type { Workload } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';
import { DEFAULT_WORKLOAD } from '../../scenarios/defaults.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { linkFlag } from '../runLink.ts';
import { sharesConnections } from '../runShape.ts';
import { isIntervalPolled } from './criteria.ts';
import type { ServerGroup } from './serverGroup.ts';

type Wanted = 'same' | 'idle' | 'ceiling';

/** Runs with which an interval of the median has room to be narrow. */
const RUNS_THAT_SETTLE = 10;

/** Flags of the numbers that make a load what it is. */
const LOAD_FLAGS = [
  ['connections', '--connections'],
  ['rooms', '--rooms'],
  ['ratePerSecond', '--rate'],
  ['payloadBytes', '--payload'],
] as const;

/** What stands for the address of a bus, which a result does not hold. */
const PLACEHOLDER = '<its address>';

/** A result may come from strangers, and commands are copied into shells: nothing but words, numbers and what flags need. */
const SAFE = /^[\w ,.:@=/-]+$/;

interface OtherFlag {
  readonly key: keyof Workload;
  readonly flag: string;
  readonly unit?: 'ms';
  /** Scenarios that use it: a flag that is of no use is refused. */
  readonly usedBy: readonly Wanted[];
  /** @default every server */
  readonly isFor?: (group: ServerGroup) => boolean;
}

const EACH: readonly Wanted[] = ['same', 'idle', 'ceiling'];
const isShared = ({ runs }: ServerGroup) => runs.some(sharesConnections);
const isPolled = ({ runs }: ServerGroup) => runs.some(({ polling }) => polling !== null);

/** Those that are told only where they are not what the scenario has without them. */
const OTHER_FLAGS: readonly OtherFlag[] = [
  { key: 'arrivals', flag: '--arrivals', usedBy: ['same', 'ceiling'] },
  { key: 'warmupMs', flag: '--warmup', unit: 'ms', usedBy: ['same'] },
  { key: 'durationMs', flag: '--duration', unit: 'ms', usedBy: ['same'] },
  { key: 'connectPerSecond', flag: '--connect-rate', usedBy: EACH },
  { key: 'churnPerSecond', flag: '--churn', usedBy: ['same'] },
  { key: 'encoding', flag: '--encoding', usedBy: ['same', 'ceiling'] },
  { key: 'maxRetries', flag: '--max-retries', usedBy: ['same'] },
  { key: 'nodes', flag: '--nodes', usedBy: EACH },
  { key: 'fault', flag: '--fault', usedBy: ['same'] },
  { key: 'streamsPerConnection', flag: '--streams-per-connection', usedBy: EACH, isFor: isShared },
  { key: 'typingShare', flag: '--typing', usedBy: ['same'] },
  { key: 'halfCloseShare', flag: '--half-close', usedBy: ['same'] },
  { key: 'slowShare', flag: '--slow', usedBy: ['same'] },
  { key: 'slowBytesPerSecond', flag: '--slow-rate', usedBy: ['same'] },
  { key: 'flowMessages', flag: '--flow-limit', usedBy: ['same', 'ceiling'] },
  { key: 'pollIntervalMs', flag: '--poll-interval', unit: 'ms', usedBy: EACH, isFor: isIntervalPolled },
  { key: 'pollJitter', flag: '--poll-jitter', usedBy: EACH, isFor: isIntervalPolled },
  { key: 'pollBackoff', flag: '--poll-backoff', usedBy: EACH, isFor: isIntervalPolled },
  { key: 'backendDelayMs', flag: '--backend-delay', unit: 'ms', usedBy: EACH, isFor: isPolled },
];

/**
 * The command that repeats a question with more runs under the same load; null where a server is not one of ours, since
 * a target is measured by an invocation of its own; or where a link lay between some of them and their clients only.
 */
export function settleCommand(groups: readonly ServerGroup[], wanted: Wanted): string | null {
  // The window of a server that is polled may have been lengthened for its interval.
  const first = groups.find((group) => !isIntervalPolled(group)) ?? groups[0];
  if (!first || groups.some(({ look }) => look.run.plan.target !== null)) return null;
  if (new Set(groups.map(({ look }) => JSON.stringify(look.run.plan.link))).size > 1) return null;
  const { scenario: same } = first.look.run;
  // Many runs of a whole comparison would take hours: its load is that of `steady`.
  const scenario = wanted !== 'same' ? wanted : same === 'compare' ? 'steady' : same;
  const stages = [...new Set(groups.map(({ look }) => `${look.run.stage}:${look.run.variant}`))].join(',');
  const question = `npx bench run --stage ${stages}${securityOf(groups)} --scenario ${scenario}`;
  const workload = workloadFor(first, wanted);
  const others = othersOf(groups, workload, wanted, wanted === 'same' ? same : wanted);
  const access = `${busOf(groups)}${linkOf(groups)}${wanted === 'same' ? discoveryOf(groups) : ''}`;
  const command = `${question}${loadOf(workload, wanted)}${others}${access} --runs ${RUNS_THAT_SETTLE}`;
  return SAFE.test(command.replaceAll(PLACEHOLDER, '')) ? command : null;
}

/** @param scenario whose own numbers need not be told */
function othersOf(
  groups: readonly ServerGroup[],
  workload: Run['workload'],
  wanted: Wanted,
  scenario: string,
): string {
  const own = findScenario(scenario) ?? DEFAULT_WORKLOAD;
  const flags = OTHER_FLAGS.flatMap(({ key, flag, unit, usedBy, isFor = () => true }) => {
    const value = workload[key] ?? own[key];
    // A load shape has a length of its own.
    const isShaped = key === 'durationMs' && shapeOf(workload) !== '';
    const isTold = value !== own[key] && usedBy.includes(wanted) && groups.some(isFor) && !isShaped;
    return isTold ? [` ${flag} ${unit === 'ms' && typeof value === 'number' ? timeText(value) : value}`] : [];
  });
  const { sloMs } = workload;
  const slo = wanted === 'ceiling' && typeof sloMs === 'number' && sloMs !== 100 ? ` --slo-p95 ${sloMs}` : '';
  return [...flags, wanted === 'same' ? shapeOf(workload) : '', slo].join('');
}

/** How connections were protected, where any was: the list in the order in which it was first seen. */
function securityOf(groups: readonly ServerGroup[]): string {
  const kinds = [...new Set(groups.map(({ look }) => look.run.security.kind))];
  return kinds.every((kind) => kind === 'plain') ? '' : ` --security ${kinds.join(',')}`;
}

/** Where instances were listed and how clients chose, where they moved between them; a given etcd is left to fill in. */
function discoveryOf(groups: readonly ServerGroup[]): string {
  const moved = groups.flatMap(({ look }) => look.run.rolling ?? []);
  const [first] = moved;
  if (!first) return '';
  const balance = first.balance === 'round_robin' ? '' : ` --balance ${first.balance}`;
  return `${first.discovery === 'static' ? '' : ' --discovery etcd'}${balance}`;
}

/** What lay between clients and servers: the same for all of them. */
function linkOf(groups: readonly ServerGroup[]): string {
  const [link] = groups.flatMap(({ look }) => look.run.plan.link ?? []);
  return link ? ` --link ${linkFlag(link)}` : '';
}

/** A bus that was given by its address: the result does not hold that, since there may be a password in it. */
function busOf(groups: readonly ServerGroup[]): string {
  const buses = groups.flatMap(({ runs }) => runs.find(({ bus }) => bus)?.bus ?? []);
  if (!buses.some(({ isGiven }) => isGiven)) return '';
  // The list takes the place of the variants, so that it must hold those without an address too.
  const kinds = buses.map(({ kind, isGiven }) => (isGiven ? `${kind}=${PLACEHOLDER}` : kind));
  return ` --bus ${[...new Set(kinds)].join(',')}`;
}

/** A search has a load of its own, so its numbers come from a run that searched. */
function workloadFor({ runs, look }: ServerGroup, wanted: Wanted): Run['workload'] {
  const searched = wanted === 'ceiling' ? runs.find(({ ceiling }) => ceiling) : undefined;
  return (searched ?? look.run).workload;
}

function loadOf(workload: Run['workload'], wanted: Wanted): string {
  return LOAD_FLAGS.flatMap(([key, flag]) => {
    const value = workload[key];
    // A load shape has rates of its own.
    const isShaped = key === 'ratePerSecond' && shapeOf(workload) !== '';
    const isSearched = wanted === 'ceiling' && key !== 'ratePerSecond';
    const applies = (wanted === 'same' && !isShaped) || key === 'connections' || isSearched;
    return applies && typeof value === 'number' ? [` ${flag} ${value}`] : [];
  }).join('');
}

/** As a person would type it. */
function timeText(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}

/** The load shape as a flag; empty for a constant rate. */
function shapeOf({ stages }: Run['workload']): string {
  if (!Array.isArray(stages) || stages.length === 0) return '';
  return ` --load-stages ${stages.map((stage) => `${timeText(stage.durationMs)}@${stage.ratePerSecond}`).join(',')}`;
}
