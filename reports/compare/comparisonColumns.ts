import { worstVerdict } from '../verdicts.ts';
import { type ComparisonMetric, METRIC } from './comparisonMetrics.ts';
import { isIntervalPolled } from './criteria.ts';
import { figureOf } from './figures.ts';
import type { ServerGroup } from './serverGroup.ts';

/** One column of the table that terminal and Markdown share; a row is a server. */
export interface ComparisonColumn {
  readonly title: string;
  readonly cell: (group: ServerGroup) => string;
}

const NONE = '-';

function column(title: string, metric: ComparisonMetric): ComparisonColumn {
  return {
    title,
    cell: (group) => {
      const figure = figureOf(group, metric);
      return figure ? metric.format(figure.estimate.value) : NONE;
    },
  };
}

/** In the order in which they are kept where the terminal is narrow. */
export const COMPARISON_COLUMNS: readonly ComparisonColumn[] = [
  column('ceiling', METRIC.ceiling),
  column('p50', METRIC.p50),
  column('p99', METRIC.p99),
  column('lost', METRIC.lost),
  column('RSS/conn', METRIC.memory),
  column('CPU/dlv', METRIC.cpu),
  column('wire/dlv', METRIC.wire),
  { title: 'verdict', cell: ({ runs }) => worstVerdict(runs.map(({ validity }) => validity.verdict)) },
];

/** Columns of which any server has a figure. */
export function columnsFor(groups: readonly ServerGroup[]): ComparisonColumn[] {
  return COMPARISON_COLUMNS.filter(({ cell }) => groups.some((group) => cell(group) !== NONE));
}

/** What a table without room for notes must still say. */
export function pollingCaveat(groups: readonly ServerGroup[]): string | null {
  return groups.some(isIntervalPolled)
    ? 'Latency of polling includes the wait for the next poll: half of the interval on average, by construction.'
    : null;
}
