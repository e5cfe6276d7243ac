import { formatBytes, formatCount, formatShare, formatUs, significant } from '../numbers.ts';
import { slowSentence } from '../slowReaders.ts';
import { METRIC } from './comparisonMetrics.ts';
import { figureOf } from './figures.ts';
import type { Statement } from './meaning.ts';
import type { ServerGroup } from './serverGroup.ts';
import { nameAtLoad, type SweptServer, sweptServers } from './sweep.ts';

/** How far the p99 of the others may rise with slow readers beside them. */
const P99_BOUND = 2;

/** What slow readers cost the others: one sentence for each server and share; empty where they were not swept. */
export function slowCosts(groups: readonly ServerGroup[]): string[] {
  const swept = groups.filter(({ sweep }) => sweep?.key === 'slowShare');
  return sweptServers(swept).flatMap(({ label, groups: own }) => {
    const without = own.find(({ sweep }) => sweep?.value === 0);
    return own.flatMap((group) => (without && group !== without ? costOf(label, without, group) : []));
  });
}

function costOf(label: string, without: ServerGroup, group: ServerGroup): string[] {
  const p99 = [without, group].map((each) => figureOf(each, METRIC.p99));
  const memory = [without, group].map((each) => figureOf(each, METRIC.memoryLoaded)?.estimate.value ?? null);
  const [before, after] = p99;
  if (!after) return [`With ${shareOf(group)} the p99 of the others on ${label} is not defined`];
  if (!before)
    return [`Without slow readers the p99 of ${label} is not defined, so what they cost is not told`];
  const few = [before, after].every(({ isSupported }) => isSupported)
    ? ''
    : ', of too few messages for a p99';
  const seen = `(${formatUs(before.estimate.value)} to ${formatUs(after.estimate.value)}${few})`;
  const isInvalid = [before, after].some(({ verdict }) => verdict === 'INVALID');
  const told = isInvalid
    ? 'cannot be compared with that without, INVALID'
    : timesThatWithout(after.estimate.value / before.estimate.value);
  return [`With ${shareOf(group)} the p99 of the others on ${label} ${told} ${seen}${memoryClause(memory)}`];
}

function timesThatWithout(factor: number): string {
  const kept = factor <= P99_BOUND ? 'within' : 'beyond';
  return `is ${significant(factor)} times that without, ${kept} the bound of ${P99_BOUND}`;
}

function memoryClause([before, after]: readonly (number | null | undefined)[]): string {
  if (before == null || after == null) return '';
  return `; the server took ${formatBytes(before)} of memory without them and ${formatBytes(after)} with them`;
}

function shareOf({ sweep }: ServerGroup): string {
  return `${formatShare(sweep?.value ?? 0)} slow readers`;
}

/** What became of the slow readers of each server, in one of its runs. */
function slowFates(groups: readonly ServerGroup[]): string[] {
  return groups.flatMap((group) => {
    const sentence = slowSentence(group.look.run);
    return sentence === null ? [] : [`${nameAtLoad(group)}: ${sentence}.`];
  });
}

/** Deliveries that slow readers lost, of all runs; they are in nobody's count of lost deliveries. */
export function slowLosses(groups: readonly ServerGroup[]): string[] {
  const lost = groups.flatMap(({ runs }) => runs).reduce((sum, { slow }) => sum + (slow?.lost ?? 0), 0);
  return lost === 0 ? [] : [`${formatCount(lost)} deliveries to slow readers lost`];
}

/** What they cost is the finding itself, and not said again. */
export function slowStatements(groups: readonly ServerGroup[]): Statement[] {
  return slowFates(groups).map((text) => ({
    kind: 'note',
    text,
    claim: null,
    undecided: null,
    command: null,
  }));
}

/** Memory and p99 at each limit of flow control, of one server over a sweep. */
export function limitFinding({ label, groups }: SweptServer): string {
  const each = groups.map((group) => {
    const p99 = figureOf(group, METRIC.p99);
    const memory = figureOf(group, METRIC.memoryLoaded);
    const figures = [
      p99 && `p99 ${formatUs(p99.estimate.value)}${p99.verdict === 'INVALID' ? ' (INVALID)' : ''}`,
      memory && formatBytes(memory.estimate.value),
    ].filter((text) => text !== null);
    return `${formatCount(group.sweep?.value ?? 0)} messages ${figures.join(' and ') || 'not measured'}`;
  });
  const whose = groups.some(({ runs }) => runs.some(({ slow }) => slow !== null)) ? ' of the others' : '';
  return `p99${whose} and server memory of ${label} by the limit of flow control: ${each.join(', ')}`;
}
