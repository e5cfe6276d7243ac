import type { Run } from '../../contract/result.ts';
import { isSearch } from '../compare/metric.ts';
import { serverLabel } from '../runLabel.ts';
import { valueAt } from './valueAt.ts';

/** Parts that only some stages and scenarios have: `polling` of a stage that is polled, `fault` where something breaks. */
const PARTS = [
  'polling',
  'bus',
  'fault',
  'closedLoop',
  'flow',
  'slow',
  'rolling',
  'chat',
  'ceiling',
] as const;
/** What comes of the levels of connections, which a comparison takes in the first run of a server only. */
const OF_LEVELS = /PerConnectionBytes$|^memory\.machineBytes$|^roi\.(qpsPerMbRss|money\.per100k)/;

/**
 * The runs that a threshold on this path is held against: all that were made to have such a figure. Where none was, all of them,
 * so that what is missing is told and does not pass.
 */
export function judgedRuns(path: string, runs: readonly Run[]): readonly Run[] {
  const meant = runs.filter((run) => hasPart(run, path)).filter((run, _, all) => isMeant(run, path, all));
  return meant.length > 0 ? meant : runs;
}

function hasPart(run: Run, path: string): boolean {
  const part = PARTS.find((name) => path.startsWith(`${name}.`));
  return part === undefined || run[part] !== null;
}

function isMeant(run: Run, path: string, all: readonly Run[]): boolean {
  if (/^(ceiling|closedLoop)\./.test(path)) return true;
  // A search for the ceiling saturates the server: its latency is that of another load.
  if (isSearch(run) && !all.every(isSearch)) return false;
  return !(OF_LEVELS.test(path) && isTakenByAnother(run, path, all));
}

function isTakenByAnother(run: Run, path: string, all: readonly Run[]): boolean {
  const isOfSameServer = (other: Run) =>
    serverLabel(other) === serverLabel(run) && other.sweep?.value === run.sweep?.value;
  return (
    run.memory.levels.length === 0 &&
    all.some((other) => isOfSameServer(other) && valueAt(other, path).kind === 'number')
  );
}
