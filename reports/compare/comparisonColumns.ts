import { backingNote } from '../percentiles.ts';
import { perSubscriber } from '../runShape.ts';
import { worstVerdict } from '../verdicts.ts';
import { METRIC } from './comparisonMetrics.ts';
import { isIntervalPolled } from './criteria.ts';
import { type Figure, figureOf } from './figures.ts';
import type { ComparisonMetric } from './metric.ts';
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
      return figure ? marked(figure) : NONE;
    },
  };
}

/** There is no room for intervals here, but a figure must not look surer than it is. */
function marked({ metric, estimate, isSupported, verdict }: Figure): string {
  const value = metric.format(estimate.value);
  const bound = estimate.interval?.high === Number.POSITIVE_INFINITY ? `≥ ${value}` : value;
  const supported = isSupported ? bound : `(${bound})`;
  return verdict === 'INVALID' ? `${supported} ✗` : supported;
}

const SHOWN_PERCENTILES: readonly ComparisonMetric[] = [METRIC.p50, METRIC.p99];

/** In the order in which they are kept where the terminal is narrow. */
export const COMPARISON_COLUMNS: readonly ComparisonColumn[] = [
  column('ceiling', METRIC.ceiling),
  column('p50', METRIC.p50),
  column('p99', METRIC.p99),
  column('recovered', METRIC.recovery),
  column('lost', METRIC.lost),
  column('RSS/conn', METRIC.memory),
  column('CPU/dlv', METRIC.cpu),
  column('wire/dlv', METRIC.wire),
  { title: 'verdict', cell: verdictOf },
];

/** A server none of whose runs came to its end is neither VALID nor anything else. */
function verdictOf({ runs }: ServerGroup): string {
  const isAborted = runs.every(({ status }) => status === 'aborted');
  return isAborted ? 'aborted' : worstVerdict(runs.map(({ validity }) => validity.verdict));
}

/** Columns of which any server has a figure. */
export function columnsFor(groups: readonly ServerGroup[]): ComparisonColumn[] {
  const runs = groups.flatMap((group) => group.runs);
  return COMPARISON_COLUMNS.filter(({ cell }) => groups.some((group) => cell(group) !== NONE)).map(
    ({ title, cell }) => ({ title: perSubscriber(title, runs), cell }),
  );
}

/** What a table without room for notes must still say. */
export function caveats(groups: readonly ServerGroup[]): string[] {
  const cells = COMPARISON_COLUMNS.flatMap(({ cell }) => groups.map(cell));
  const signs = [
    cells.some((cell) => cell.includes('≥')) ? '≥: the search ended before the server did' : '',
    cells.some((cell) => cell.endsWith('✗')) ? '✗: INVALID' : '',
  ].filter(Boolean);
  const polling = groups.some(isIntervalPolled)
    ? [
        'Latency of polling includes the wait for the next poll: half of the interval on average, by construction.',
      ]
    : [];
  const brackets = backingNote(
    'In brackets',
    groups.flatMap((group) => SHOWN_PERCENTILES.flatMap((metric) => figureOf(group, metric)?.few ?? [])),
  );
  return [...(signs.length > 0 ? [`${signs.join('; ')}.`] : []), ...(brackets ? [brackets] : []), ...polling];
}
