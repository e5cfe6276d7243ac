import type { Run } from '../../contract/result.ts';
import type { ServerGroup } from './serverGroup.ts';

/** Runs with which an interval of the median has room to be narrow. */
const RUNS_THAT_SETTLE = 10;

/** Flags of the numbers that make a load what it is. */
const LOAD_FLAGS = [
  ['connections', '--connections'],
  ['rooms', '--rooms'],
  ['ratePerSecond', '--rate'],
  ['payloadBytes', '--payload'],
] as const;

/** Those that are told only where they are not what holds without them. */
const OTHER_FLAGS = [
  ['arrivals', '--arrivals', 'uniform'],
  ['churnPerSecond', '--churn', 0],
  ['nodes', '--nodes', 1],
  ['fault', '--fault', 'none'],
] as const;

/**
 * The command that repeats a question with more runs under the same load; null where a server is not one of ours, since
 * a target is measured by an invocation of its own.
 */
export function settleCommand(
  groups: readonly ServerGroup[],
  wanted: 'same' | 'idle' | 'ceiling',
): string | null {
  const [first] = groups;
  if (!first || groups.some(({ look }) => look.run.plan.target !== null)) return null;
  const { scenario: same } = first.look.run;
  // Many runs of a whole comparison would take hours: its load is that of `steady`.
  const scenario = wanted !== 'same' ? wanted : same === 'compare' ? 'steady' : same;
  const stages = [...new Set(groups.map(({ look }) => `${look.run.stage}:${look.run.variant}`))].join(',');
  const question = `bench run --stage ${stages} --scenario ${scenario}`;
  return `${question}${loadOf(workloadFor(first, wanted), wanted)} --runs ${RUNS_THAT_SETTLE}`;
}

/** A search has a load of its own, so its numbers come from a run that searched. */
function workloadFor({ runs, look }: ServerGroup, wanted: string): Run['workload'] {
  const searched = wanted === 'ceiling' ? runs.find(({ ceiling }) => ceiling) : undefined;
  return (searched ?? look.run).workload;
}

function loadOf(workload: Run['workload'], wanted: string): string {
  const flags = LOAD_FLAGS.flatMap(([key, flag]) => {
    const value = workload[key];
    // A load shape has rates of its own.
    const isShaped = key === 'ratePerSecond' && shapeOf(workload) !== '';
    const isSearched = wanted === 'ceiling' && key !== 'ratePerSecond';
    const applies = (wanted === 'same' && !isShaped) || key === 'connections' || isSearched;
    return applies && typeof value === 'number' ? [` ${flag} ${value}`] : [];
  });
  const others = OTHER_FLAGS.flatMap(([key, flag, neutral]) => {
    const value = workload[key] ?? neutral;
    return wanted === 'same' && value !== neutral ? [` ${flag} ${value}`] : [];
  });
  const { sloMs } = workload;
  const slo = wanted === 'ceiling' && typeof sloMs === 'number' && sloMs !== 100 ? ` --slo-p95 ${sloMs}` : '';
  return [...flags, ...others, wanted === 'same' ? shapeOf(workload) : '', slo].join('');
}

/** The load shape as a flag; empty for a constant rate. */
function shapeOf({ stages }: Run['workload']): string {
  if (!Array.isArray(stages) || stages.length === 0) return '';
  return ` --load-stages ${stages.map((stage) => `${stage.durationMs}ms@${stage.ratePerSecond}`).join(',')}`;
}
