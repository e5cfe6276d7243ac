import type { RunResult } from '../../contract/result.ts';
import type { RenderedChart } from '../charts/allCharts.ts';
import type { StyledRun } from '../charts/chart.ts';
import type { LoadedProfile } from '../flame/loadProfile.ts';

/** Everything a page is made of: sections are pure functions of it. */
export interface ReportView {
  readonly result: RunResult;
  readonly runs: readonly StyledRun[];
  readonly charts: ReadonlyMap<string, RenderedChart>;
  readonly profiles: readonly LoadedProfile[];
}
