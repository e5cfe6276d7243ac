import type { Run } from '../../../contract/result.ts';
import type { Chart } from '../../charts/chart.ts';
import { runScales } from '../../charts/lines.ts';
import { CHART_CONFIG, decades, PAGE_WIDTH, PLAIN_LABELS, SCHEMA_URL } from '../../charts/theme.ts';
import { quantileCurve } from '../../histogram.ts';
import { formatUs, significant } from '../../numbers.ts';
import { FAINT } from '../../palette.ts';
import { familyVerdict } from '../../verdicts.ts';
import { latencyRuns, type MergedHistogram, mergedLatency } from '../mergedLatency.ts';
import type { ServerGroup } from '../serverGroup.ts';

interface Row {
  /** Server whose panel it stands in. */
  readonly server: string;
  readonly curve: string;
  readonly kind: 'own' | 'run' | 'other';
  readonly nines: number;
  readonly ms: number;
  readonly note: string;
}

const COLUMN_GAP = 36;
/** The labels of the y axis at the left, and half a label of the x axis at the right. */
const OUTSIDE = 52 + 40;

/** The plots begin at p20: what is faster than most says little, and would take half of the height. */
const FIRST_NINES = 1.25;

/** A small percentile curve per server on shared axes, the other servers in grey behind it; null without latencies. */
export function percentilePanels(groups: readonly ServerGroup[]): Chart | null {
  const curves = groups.flatMap((group) => {
    const runs = latencyRuns(group.runs);
    const merged = mergedLatency(runs);
    return merged ? [{ group, runs, merged, rows: rowsOf(group.label, 'own', group.label, merged) }] : [];
  });
  if (curves.length < 2) return null;
  const rows = curves.flatMap(({ group, runs, merged, rows: own }) => [
    ...curves.filter((other) => other.group !== group).flatMap((other) => behind(group.label, other.rows)),
    ...runs.flatMap((run, i) => {
      const one = mergedLatency([run]);
      return one && runs.length > 1 ? rowsOf(group.label, 'run', `${group.label} ${i}`, one) : [];
    }),
    ...own,
    ...markedRows(group.label, merged, own, isRefused(runs)),
  ]);
  const columns = curves.length > 4 || curves.length === 3 ? 3 : 2;
  const ticks = decades(rows.map(({ ms }) => ms));
  const looks = curves.map(({ group }) => group.look);
  return {
    name: 'compared-percentiles',
    description: 'Delivery latency by percentile, one small plot per server.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        frame: 'bounds',
        dx: 0,
        text: 'Delivery latency by percentile',
        subtitle: [
          'One plot per server on the same axes, its runs together; thin lines are the single runs, grey lines the other servers.',
          'Axis: milliseconds after the message was due (log scale). A line ends where the messages no longer support it.',
          ...(curves.some(({ runs }) => isRefused(runs)) ? ['✗ is INVALID.'] : []),
        ],
      },
      config: CHART_CONFIG,
      data: { values: rows },
      facet: { field: 'server', type: 'nominal', sort: looks.map(({ label }) => label), title: null },
      columns,
      spacing: { row: 48, column: COLUMN_GAP },
      // Else a plot is as wide as the texts that stand out of it, and the last column leaves the page.
      bounds: 'flush',
      spec: {
        width: (PAGE_WIDTH - OUTSIDE - (columns - 1) * COLUMN_GAP) / columns,
        height: 150,
        encoding: {
          x: {
            field: 'nines',
            type: 'quantitative',
            scale: {
              type: 'log',
              domain: [FIRST_NINES, Math.max(100, ...rows.map(({ nines }) => nines))],
              nice: false,
            },
            axis: {
              title: null,
              values: [2, 10, 100, 1000, 10_000],
              labelExpr: "datum.value == 2 ? 'p50' : 'p' + format(100 - 100 / datum.value, '~r')",
              grid: true,
            },
          },
          y: {
            field: 'ms',
            type: 'quantitative',
            scale: { type: 'log', domain: [ticks[0] ?? 1, ticks.at(-1) ?? 10], nice: false },
            axis: { title: null, labelExpr: PLAIN_LABELS, values: ticks },
          },
          detail: { field: 'curve', type: 'nominal' },
        },
        layer: [
          {
            transform: [{ filter: "datum.kind == 'other'" }],
            mark: { type: 'line', strokeWidth: 1, opacity: 0.45, color: FAINT.light },
          },
          {
            transform: [{ filter: "datum.kind == 'run'" }],
            mark: { type: 'line', strokeWidth: 1, opacity: 0.5 },
            encoding: { color: runScales(looks).color },
          },
          {
            transform: [{ filter: "datum.kind == 'own'" }],
            mark: { type: 'line', strokeWidth: 2.5 },
            encoding: { color: runScales(looks).color },
          },
          {
            transform: [{ filter: "datum.kind == 'own'" }],
            mark: { type: 'point', size: 50, opacity: 0, filled: true },
            encoding: { description: { field: 'note' } },
          },
          {
            transform: [{ filter: 'isValid(datum.text)' }],
            mark: { type: 'point', filled: true, size: 36 },
            encoding: { color: runScales(looks).color },
          },
          {
            transform: [{ filter: 'isValid(datum.text) && datum.nines > 2' }],
            mark: { type: 'text', dy: -12, align: 'right', fontSize: 11.5 },
            encoding: { text: { field: 'text', type: 'nominal' } },
          },
          {
            // The median stands at the edge, where a label to its left would lie on those of the axis.
            transform: [{ filter: 'isValid(datum.text) && datum.nines <= 2' }],
            mark: { type: 'text', dy: 13, dx: 3, align: 'left', fontSize: 11.5 },
            encoding: { text: { field: 'text', type: 'nominal' } },
          },
        ],
      },
    },
  };
}

function rowsOf(server: string, kind: Row['kind'], curve: string, merged: MergedHistogram): Row[] {
  const points = quantileCurve(merged.histogram, { ...merged, pointsPerDecade: 14 });
  return points
    .filter(({ quantile }) => 1 / (1 - quantile) >= FIRST_NINES)
    .map(({ quantile, valueUs }) => ({
      server,
      curve,
      kind,
      nines: 1 / (1 - quantile),
      ms: Math.max(valueUs, 1) / 1000,
      note: `${server}: p${significant(quantile * 100, 5)} ${formatUs(valueUs)}`,
    }));
}

function behind(server: string, rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, server, kind: 'other' as const }));
}

function isRefused(runs: readonly Run[]): boolean {
  return familyVerdict('latency', runs).verdict === 'INVALID';
}

/** The values at p50 and p99, written beside their points, as far as the curve reaches. */
function markedRows(
  server: string,
  { histogram, lostShare }: MergedHistogram,
  own: readonly Row[],
  refused: boolean,
) {
  const last = own.at(-1)?.nines ?? 0;
  return [0.5, 0.99].flatMap((quantile) => {
    const nines = 1 / (1 - quantile);
    if (nines > last * (1 + 1e-9)) return [];
    const us = histogram.getValueAtPercentile((100 * quantile) / (1 - lostShare));
    const text = `${formatUs(us)}${refused ? ' ✗' : ''}`;
    return [{ server, curve: 'mark', kind: 'mark', nines, ms: Math.max(us, 1) / 1000, text }];
  });
}
