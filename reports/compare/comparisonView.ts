import type { ReportView } from '../html/view.ts';
import type { Comparison } from './comparison.ts';

/** Everything a comparison's page is made of: sections are pure functions of it. */
export interface ComparisonView extends ReportView {
  readonly comparison: Comparison;
  /** Files of the compared results, as seen from the folder of the page. */
  readonly resultFiles: readonly string[];
}

/** The same page with one run per server, for sections that show single runs. */
export function ofRepresentatives(view: ComparisonView): ComparisonView {
  const runs = view.comparison.servers.map(({ look }) => look);
  return { ...view, runs, result: { ...view.result, runs: runs.map(({ run }) => run) } };
}
