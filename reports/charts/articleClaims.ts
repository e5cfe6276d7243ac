import { formatUs, significant } from '../numbers.ts';
import { CLAIM } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { runScales } from './lines.ts';
import { CHART_CONFIG, COUNT_LABELS, PLOT_WIDTH, SCHEMA_URL } from './theme.ts';

const QPS = 'QPS, deliveries per second';
const P95 = 'p95 of delivery latency, milliseconds';

/** Our figures beside the article's claims, per variant; null outside that scenario. */
export function articleClaims(runs: readonly StyledRun[]): Chart | null {
  const measured = runs.flatMap(measuredRows);
  if (measured.length === 0) return null;
  const panels = [QPS, P95].map((measure) => panel(measure, measure === QPS, runs));
  return {
    name: 'article-claims',
    description: 'Deliveries per second and p95 latency of each variant, beside what the article claims.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        dx: 0,
        text: 'Ours beside the article’s claims',
        subtitle: [
          'Bars: measured here. Grey dashed: claimed, on 16 cores and in Go. The order within a colour is what can be compared.',
        ],
      },
      config: CHART_CONFIG,
      hconcat: panels,
      spacing: 40,
      resolve: { scale: { y: 'independent' } },
    },
  };
}

function panel(measure: string, withNames: boolean, runs: readonly StyledRun[]) {
  const values = runs.flatMap((styled) => [...measuredRows(styled), ...claimedRows(styled)]);
  const { color, opacity } = runScales(runs);
  return {
    title: { text: measure, fontSize: 12.5, fontWeight: 'normal' as const, dx: 0, offset: 8 },
    width: (PLOT_WIDTH - 150) / 2,
    height: runs.length * 44,
    data: { values: values.filter((row) => row.measure === measure) },
    encoding: {
      x: {
        field: 'value',
        type: 'quantitative' as const,
        scale: { zero: true },
        axis: { title: null, labelExpr: COUNT_LABELS, grid: true, tickCount: 4 },
      },
      y: {
        field: 'server',
        type: 'nominal' as const,
        sort: runs.map(({ label }) => label),
        axis: withNames
          ? { title: null, minExtent: 110, maxExtent: 110, ticks: false }
          : { title: null, labels: false, ticks: false, minExtent: 0, maxExtent: 8 },
      },
    },
    layer: [
      {
        transform: [{ filter: "datum.who == 'measured'" }],
        mark: { type: 'bar' as const, height: 13, yOffset: -8 },
        encoding: { color, opacity, description: { field: 'note' } },
      },
      {
        transform: [{ filter: "datum.who == 'claimed'" }],
        mark: {
          type: 'bar' as const,
          height: 11,
          yOffset: 8,
          fillOpacity: 0.22,
          fill: CLAIM.light,
          stroke: CLAIM.light,
          strokeDash: [3, 2],
        },
        encoding: { description: { field: 'note' } },
      },
    ],
  };
}

interface Row {
  readonly server: string;
  readonly who: 'measured' | 'claimed';
  readonly measure: string;
  readonly value: number;
  readonly note: string;
}

function measuredRows({ run, label }: StyledRun): Row[] {
  const { article } = run;
  return [
    ...row(label, 'measured', QPS, article?.qps, significant),
    ...row(label, 'measured', P95, article?.p95Us == null ? null : article.p95Us / 1000, milliseconds),
  ];
}

function claimedRows({ run, label }: StyledRun): Row[] {
  const claim = run.article?.claim;
  return [
    ...row(label, 'claimed', QPS, claim?.qps, significant),
    ...row(label, 'claimed', P95, claim?.p95Ms, milliseconds),
  ];
}

function row(
  server: string,
  who: Row['who'],
  measure: string,
  value: number | null | undefined,
  format: (value: number) => string,
): Row[] {
  if (value === null || value === undefined) return [];
  return [{ server, who, measure, value, note: `${server}, ${who}: ${format(value)}` }];
}

function milliseconds(ms: number): string {
  return formatUs(ms * 1000);
}
