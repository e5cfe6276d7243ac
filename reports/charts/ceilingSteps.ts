import { formatRateOf, formatUs, significant } from '../numbers.ts';
import { INVALID, MUTED } from '../palette.ts';
import { backingNote } from '../percentiles.ts';
import { stepBacking } from '../stepBacking.ts';
import type { Chart, StyledRun } from './chart.ts';
import { plotWidthBeside } from './labelRoom.ts';
import { runScales } from './lines.ts';
import { spreadLabels } from './spreadLabels.ts';
import { CHART_CONFIG, COUNT_LABELS, decades, PLAIN_LABELS, PLOT_HEIGHT, SCHEMA_URL } from './theme.ts';

/** Latency at each rate that the search for the ceiling tried; null where no run searched. */
export function ceilingSteps(runs: readonly StyledRun[]): Chart | null {
  const rows = runs.flatMap(rowsOf);
  const [objective] = runs.flatMap(({ run }) => (run.ceiling ? [run.ceiling] : []));
  if (rows.length === 0 || !objective) return null;
  const few = backingNote(
    'Not certain',
    runs.flatMap(({ run }) => (run.ceiling?.steps ?? []).map((step) => stepBacking(run, step))),
  );
  const sloMs = objective.sloUs / 1000;
  const ticks = decades([...rows.map(({ ms }) => ms), sloMs]);
  return {
    name: 'ceiling-steps',
    description: 'Latency at each offered rate of the search for the highest rate that keeps the objective.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'The search for the ceiling',
        subtitle: [
          `Each point is one step at a fixed rate. Discs kept the objective, crosses did not: p${significant(objective.sloQuantile * 100)} within ${formatUs(objective.sloUs)}, nothing lost, nothing refused.`,
          ...(few === null ? [] : [few]),
        ],
      },
      width: plotWidthBeside(runs.map(({ label }) => label)),
      height: PLOT_HEIGHT,
      config: CHART_CONFIG,
      data: { values: rows },
      encoding: {
        y: {
          field: 'ms',
          type: 'quantitative',
          scale: { type: 'log', domain: [ticks[0] ?? 1, ticks.at(-1) ?? 10], nice: false },
          axis: {
            title: `p${significant(objective.sloQuantile * 100)} of delivery latency, milliseconds (log scale)`,
            values: ticks,
            labelExpr: PLAIN_LABELS,
          },
        },
      },
      layer: [
        {
          data: { values: [{ ms: sloMs }] },
          mark: { type: 'rule', color: INVALID.light, strokeDash: [4, 3] },
        },
        {
          transform: [{ filter: 'datum.passed' }],
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { x, ...runScales(runs), order: { field: 'deliveries' } },
        },
        {
          mark: { type: 'point', size: 55, strokeWidth: 2, filled: false },
          encoding: {
            x,
            color: { condition: { test: 'datum.passed', ...runScales(runs).color }, value: MUTED.light },
            shape: {
              field: 'passed',
              type: 'nominal',
              scale: { domain: [true, false], range: ['circle', 'M-.7,-.7L.7,.7M-.7,.7L.7,-.7'] },
              legend: null,
            },
            description: { field: 'note' },
          },
        },
        {
          data: { values: endLabels(rows, ticks) },
          mark: { type: 'text', align: 'left', dx: 10 },
          encoding: {
            x,
            text: { field: 'text', type: 'nominal' },
            y: { field: 'at', type: 'quantitative', scale: null, axis: null },
          },
        },
      ],
    },
  };
}

const x = {
  field: 'deliveries',
  type: 'quantitative' as const,
  scale: { zero: true },
  axis: { title: 'deliveries per second', labelExpr: COUNT_LABELS, grid: true, tickCount: 8 },
};

/** Each server is named at the highest rate that it carried. */
function endLabels(rows: readonly Step[], ticks: readonly number[]) {
  const best = new Map<string, Step>();
  for (const row of rows) {
    if (row.passed && row.deliveries > (best.get(row.server)?.deliveries ?? 0)) best.set(row.server, row);
  }
  const [low, high] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 10)];
  const pixel = (ms: number) => PLOT_HEIGHT * (1 - (Math.log10(ms) - low) / (high - low));
  return neighbours([...best.values()], Math.max(...rows.map(({ deliveries }) => deliveries))).flatMap(
    (group) =>
      spreadLabels(
        group.map(({ server, ms }) => ({ text: server, y: pixel(ms) })),
        15,
        PLOT_HEIGHT,
      ).map(({ text, y }) => ({ text, at: y, deliveries: best.get(text)?.deliveries ?? 0 })),
  );
}

/** Steps whose labels would stand above each other: nearer than a tenth of the axis to the one before. */
function neighbours(steps: readonly Step[], axis: number): Step[][] {
  const groups: Step[][] = [];
  for (const step of [...steps].sort((a, b) => a.deliveries - b.deliveries)) {
    const before = groups.at(-1)?.at(-1);
    if (before && step.deliveries - before.deliveries < axis / 10) groups.at(-1)?.push(step);
    else groups.push([step]);
  }
  return groups;
}

interface Step {
  readonly server: string;
  readonly deliveries: number;
  readonly ms: number;
  readonly passed: boolean;
  readonly note: string;
}

function rowsOf({ run, label }: StyledRun): Step[] {
  return (run.ceiling?.steps ?? []).flatMap((step) => {
    if (step.latencyUs === null || step.latencyUs <= 0) return [];
    const verdict = step.passed ? 'kept' : `not kept: ${step.reason}`;
    const note = `${label}: ${formatRateOf(step.deliveriesPerSecond, 'deliveries')}, ${formatUs(step.latencyUs)}, ${verdict}`;
    return [
      {
        server: label,
        deliveries: step.deliveriesPerSecond,
        ms: step.latencyUs / 1000,
        passed: step.passed,
        note,
      },
    ];
  });
}
