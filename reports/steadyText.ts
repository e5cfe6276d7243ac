import type { Run } from '../contract/result.ts';
import type { SteadyState } from '../contract/resultTrust.ts';
import { formatUs } from './numbers.ts';

/** Said wherever the latency of a run stands that had not settled. */
export const NO_STEADY_STATE = 'no steady state';

/** A run with the name that it has in the report. */
interface NamedRun {
  readonly label: string;
  readonly run: Pick<Run, 'steadyState'>;
}

function hasSettled({ steadyState }: NamedRun['run']): boolean {
  return steadyState?.verdict !== NO_STEADY_STATE;
}

/** `no steady state`, of several runs with their names: `no steady state in ws:send and grpc (2 of 3 runs)`; null where none is known to be unsettled. */
export function unsettledText(named: readonly NamedRun[]): string | null {
  const unsettled = named.filter(({ run }) => !hasSettled(run));
  if (unsettled.length === 0) return null;
  if (named.length === 1) return NO_STEADY_STATE;
  const labels = [...new Set(unsettled.map(({ label }) => label))];
  return `${NO_STEADY_STATE} in ${labels.map((label) => `${label}${often(label, named)}`).join(', ')}`;
}

function often(label: string, named: readonly NamedRun[]): string {
  const runs = named.filter((one) => one.label === label);
  const unsettled = runs.filter(({ run }) => !hasSettled(run));
  return runs.length === 1 ? '' : ` (${unsettled.length} of ${runs.length} runs)`;
}

const VERDICTS: Readonly<Record<SteadyState['verdict'], string>> = {
  steady: 'steady: no clear change of more than 0.5 ms and a fifth',
  [NO_STEADY_STATE]: NO_STEADY_STATE,
  'not told': 'too few messages to tell',
  'not judged': 'not judged: the window is meant to change',
};

/** The verdict in words. */
export function steadyVerdict({ verdict }: SteadyState): string {
  return VERDICTS[verdict];
}

/** `+0.2 ms (−0.1 ms to +0.5 ms)`. */
export function differenceText(difference: SteadyState['halves']['p50']): string | null {
  if (difference === null) return null;
  const { differenceUs, interval } = difference;
  return `${signed(differenceUs)} (${signed(interval.low)} to ${signed(interval.high)})`;
}

/** `+0.2 ms over the window, p = 0.42`. */
export function trendText(trend: SteadyState['trend']): string | null {
  if (trend === null) return null;
  const p = trend.p < 0.001 ? 'p < 0.001' : `p = ${trend.p.toFixed(3)}`;
  return `${signed(trend.changeUs)} over the window, ${p}`;
}

function signed(us: number): string {
  return us > 0 ? `+${formatUs(us)}` : formatUs(us);
}
