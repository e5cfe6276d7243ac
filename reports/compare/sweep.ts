import type { StyledRun } from '../charts/chart.ts';
import { formatCount, formatShare } from '../numbers.ts';
import { METRIC } from './comparisonMetrics.ts';
import { figureOf, usableRuns } from './figures.ts';
import { type Knee, kneeOf, type LoadPoint } from './knee.ts';
import { type ServerGroup, verdictOf } from './serverGroup.ts';

/** One server over all values of the swept number, lightest first. */
export interface SweptServer {
  readonly label: string;
  readonly look: StyledRun;
  readonly groups: readonly ServerGroup[];
  readonly knee: Knee | null;
}

/** What is swept, with its unit, by the key of the workload. */
const NAMES: Readonly<Record<string, string>> = {
  ratePerSecond: 'publishes per second',
  connections: 'connections',
  flowMessages: 'messages under way to one subscriber, at most',
  slowShare: 'share of slow readers',
  streamsPerConnection: 'streams per connection',
};

/** More of these is more load; the other numbers shape it, and have no knee. */
const LOADS = ['ratePerSecond', 'connections'];

/** The swept servers in the order in which they were first seen. */
export function sweptServers(groups: readonly ServerGroup[]): SweptServer[] {
  const swept = groups.filter(({ sweep }) => sweep !== null);
  return [...new Set(swept.map(({ label }) => label))].flatMap((label): SweptServer[] => {
    const own = swept
      .filter((group) => group.label === label)
      .sort((a, b) => (a.sweep?.value ?? 0) - (b.sweep?.value ?? 0));
    const [first] = own;
    return first
      ? [
          {
            label,
            look: first.look,
            groups: own,
            knee: LOADS.includes(first.sweep?.key ?? '') ? kneeOf(own.flatMap(pointOf)) : null,
          },
        ]
      : [];
  });
}

/** Nothing at a load that the generator or the machine could not give: its lateness would be called the server's knee. */
function pointOf(group: ServerGroup): LoadPoint[] {
  const figure = figureOf(group, METRIC.p99);
  const isInvalid = verdictOf(usableRuns(group.runs, METRIC.p99.family), METRIC.p99.family) === 'INVALID';
  return isInvalid ? [] : [{ load: group.sweep?.value ?? 0, p99Us: figure?.estimate.value ?? null }];
}

/** In running text. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  flowMessages: 'the limit of flow control',
  slowShare: 'the share of slow readers',
  streamsPerConnection: 'streams per connection',
};

/** What is swept where it is no load, in running text; null: it is one. */
export function sweptShape(groups: readonly ServerGroup[]): string | null {
  const key = groups.find(({ sweep }) => sweep !== null)?.sweep?.key ?? '';
  return LOADS.includes(key) ? null : (SHORT_NAMES[key] ?? key);
}

/** `at 5 % slow readers`: what tells the runs of a sweep apart. */
export function sweptAt({ key, value }: NonNullable<ServerGroup['sweep']>): string {
  if (key === 'slowShare') return `at ${formatShare(value)} slow readers`;
  if (key === 'flowMessages') return `at a limit of ${formatCount(value)} messages`;
  return `at ${formatCount(value)} ${NAMES[key] ?? key}`;
}

/** The name of a server, and the value of the sweep where there is one. */
export function nameAtLoad({ label, sweep }: Pick<ServerGroup, 'label' | 'sweep'>): string {
  return sweep === null ? label : `${label} ${sweptAt(sweep)}`;
}

/** `At 5 % slow readers`: which load of a sweep a table of these servers shows; null without a sweep. */
export function shownLoad([first]: readonly ServerGroup[]): string | null {
  return first?.sweep ? sweptAt(first.sweep).replace(/^a/, 'A') : null;
}

export function sweptWhat(servers: readonly SweptServer[]): string {
  const key = servers[0]?.groups[0]?.sweep?.key ?? '';
  return NAMES[key] ?? key;
}

/**
 * The groups that share one load, for tables and bars: all of them without a sweep, else those at the highest load at which
 * no server is past its knee, or at the lightest where every one is.
 */
export function groupsOfOneLoad(groups: readonly ServerGroup[]): ServerGroup[] {
  const unswept = groups.filter(({ sweep }) => sweep === null);
  if (unswept.length > 0) return unswept;
  const servers = sweptServers(groups);
  const shared = servers
    .map(({ groups: own }) => own.flatMap(({ sweep }) => sweep?.value ?? []))
    .reduce<number[]>(
      (common, values, i) => (i === 0 ? values : common.filter((value) => values.includes(value))),
      [],
    );
  const bound = Math.min(...servers.map(({ knee }) => knee?.load ?? Number.POSITIVE_INFINITY));
  const load = shared.filter((value) => value <= bound).at(-1) ?? shared[0];
  return groups.filter(({ sweep }) => sweep?.value === load);
}
