import type { GateMetric, GateResult } from '../../../../contract/gate.ts';
import type { Chart } from '../../../charts/chart.ts';
import { type EndLabel, spreadLabels } from '../../../charts/spreadLabels.ts';
import { CHART_CONFIG, PAGE_WIDTH, SCHEMA_URL } from '../../../charts/theme.ts';
import { significant } from '../../../numbers.ts';
import { FAINT, GRID, INK, MUTED, stageColour } from '../../../palette.ts';
import { blockChanges, changeOf, figureText, gating } from '../gateFigures.ts';
import { boundOf } from './effectDots.ts';

const HEIGHT = 84;
const AXIS = 74;
const LABELS = 44;
const RUNS_WIDTH = 520;
/** Between the plots: labels of the left one, and the axis of the right one. */
const GAP = LABELS + AXIS;
const CHANGES_WIDTH = PAGE_WIDTH - AXIS - RUNS_WIDTH - GAP - 24;
const SIDES = ['base', 'head'] as const;

/** Every run in the order of time, and the change of every block beside it, a row for each gating metric that moved at all; null without. */
export function blockLines(gate: GateResult): Chart | null {
  const metrics = gating(gate).filter(hasMoved);
  if (metrics.length === 0 || gate.blocks.length === 0) return null;
  return {
    name: 'gate-blocks',
    description:
      'Every run of base and head in the order of time, and the change of every block, for each gating metric.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'Run by run: did the machine drift?',
        subtitle: [
          'Left: every run in the order of time, base dashed with rings, head solid with dots; both wandering together is drift, which cancels.',
          'Right: the change of each block of four runs. Axes do not begin at zero; the dashed line is what is accepted.',
        ],
        dx: 0,
        frame: 'bounds',
      },
      config: CHART_CONFIG,
      spacing: 30,
      vconcat: metrics.map((metric) => ({
        spacing: GAP,
        bounds: 'flush' as const,
        hconcat: [runsPlot(metric, gate), changesPlot(metric)],
      })),
    },
  };
}

/** Where every run has the same figure there is nothing to see. */
function hasMoved({ base, head, differences }: GateMetric): boolean {
  return differences.length > 0 && new Set([...base, ...head]).size > 1;
}

interface RunRow {
  readonly side: (typeof SIDES)[number];
  readonly x: number;
  readonly y: number;
  readonly note: string;
}

/** Runs in the order of time, by the blocks' orders: the middle of block 1 is at 1. A run that has no figure is left out. */
export function runRows({ base, head, unit }: GateMetric, { blocks }: GateResult): RunRow[] {
  const left = { base: [...base], head: [...head] };
  return blocks.flatMap(({ order }, block) =>
    [...order].flatMap((letter, turn): RunRow[] => {
      const side = letter === 'A' ? 'base' : 'head';
      const y = left[side].shift() ?? null;
      const x = block + 1 + (turn - (order.length - 1) / 2) / order.length;
      return y === null ? [] : [{ side, x, y, note: `${side}, block ${block + 1}: ${figureText(y, unit)}` }];
    }),
  );
}

function runsPlot(metric: GateMetric, gate: GateResult) {
  const rows = runRows(metric, gate);
  const domain = domainOf(rows.map(({ y }) => y));
  const y = valueAxis(domain, axisFormat(metric, domain));
  const colours = {
    field: 'side',
    type: 'nominal' as const,
    scale: { domain: [...SIDES], range: [MUTED.light, stageColour('').light] },
    legend: null,
  };
  const x = { field: 'x', type: 'quantitative' as const, ...blockAxis(gate.blocks.length) };
  return {
    title: plotTitle(metric.label),
    width: RUNS_WIDTH,
    height: HEIGHT,
    layer: [
      ...SIDES.map((side) => ({
        data: { values: rows.filter((row) => row.side === side) },
        layer: [
          {
            mark: {
              type: 'line' as const,
              strokeWidth: 1.5,
              ...(side === 'base' ? { strokeDash: [5, 3] } : {}),
            },
            encoding: { x, y, color: colours },
          },
          {
            mark: { type: 'point' as const, size: 34, opacity: 1, strokeWidth: 1.5, filled: side === 'head' },
            encoding: {
              x,
              y,
              color: colours,
              description: { field: 'note' },
            },
          },
        ],
      })),
      {
        data: { values: endLabels(rows, domain) },
        mark: { type: 'text' as const, align: 'left' as const, baseline: 'middle' as const },
        encoding: {
          x: { value: RUNS_WIDTH + 8 },
          y: { field: 'y', type: 'quantitative' as const, scale: null, axis: null },
          text: { field: 'text', type: 'nominal' as const },
        },
      },
    ],
  };
}

function changesPlot(metric: GateMetric) {
  const changes = blockChanges(metric);
  const bound = boundOf(metric);
  const domain = domainOf([0, bound, ...changes.filter(Number.isFinite)]);
  const rows = changes.map((change, i) => ({
    x: i + 1,
    // What no number stands for reaches the edge.
    y: Math.max(domain[0], Math.min(domain[1], change)),
    zero: 0,
    note: `block ${i + 1}: ${changeOf(metric, change)}`,
  }));
  const y = valueAxis(domain, (value) => changeOf(metric, value));
  const x = { field: 'x', type: 'quantitative' as const, ...blockAxis(rows.length) };
  return {
    // Blocks with a run that says nothing of this metric are not among them.
    title: plotTitle('change of each block that was used'),
    width: CHANGES_WIDTH,
    height: HEIGHT,
    data: { values: rows },
    encoding: { x, y },
    layer: [
      {
        mark: { type: 'rule' as const, color: FAINT.light },
        encoding: { y: { datum: 0 }, x: { value: 0 }, x2: { value: CHANGES_WIDTH } },
      },
      {
        mark: { type: 'rule' as const, color: MUTED.light, strokeDash: [5, 3] },
        encoding: { y: { datum: bound }, x: { value: 0 }, x2: { value: CHANGES_WIDTH } },
      },
      {
        mark: { type: 'rule' as const, color: INK.light, strokeWidth: 1.5 },
        encoding: { x, y: { ...y, field: 'zero' }, y2: { field: 'y' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 40, opacity: 1, color: INK.light },
        encoding: { x, y, description: { field: 'note' } },
      },
    ],
  };
}

function plotTitle(text: string) {
  return { text, fontSize: 12.5, fontWeight: 'normal' as const, color: MUTED.light, dx: -AXIS, offset: 8 };
}

function blockAxis(blocks: number) {
  return {
    scale: { domain: [0.5, blocks + 0.5], nice: false, zero: false },
    axis: {
      title: null,
      values: Array.from({ length: blocks }, (_, i) => i + 1),
      labelExpr: "datum.value == 1 ? 'block 1' : format(datum.value, 'd')",
      labelOverlap: true,
      ticks: false,
      domain: false,
    },
  };
}

/** Labels at the ends alone, in the words of the other outputs: Vega has no format of ours. */
function valueAxis([low, high]: readonly [number, number], format: (value: number) => string) {
  return {
    field: 'y',
    type: 'quantitative' as const,
    scale: { domain: [low, high], nice: false, zero: false },
    axis: {
      title: null,
      values: [low, high],
      labelExpr: `datum.index == 0 ? ${JSON.stringify(format(low))} : ${JSON.stringify(format(high))}`,
      // Vega takes texts for wider than they are.
      labelLimit: 2 * AXIS,
      minExtent: AXIS,
      maxExtent: AXIS,
      grid: true,
      gridColor: GRID.light,
    },
  };
}

/** Around the values; where all are the same, a little to both sides of them. */
function domainOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = (high - low) * 0.12 || Math.abs(high) * 0.1 || 1;
  // A figure that cannot be negative has no axis below zero.
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin];
}

/** As everywhere, or with more digits where both ends would read the same. */
function axisFormat({ unit }: GateMetric, [low, high]: readonly [number, number]): (value: number) => string {
  const usual = (value: number) => figureText(value, unit);
  if (usual(low) !== usual(high)) return usual;
  return (value) => `${significant(value, 6)} ${UNITS[unit] ?? ''}`.trim();
}

const UNITS: Readonly<Record<string, string>> = { us: 'µs', ms: 'ms', bytes: 'B' };

function endLabels(rows: readonly RunRow[], [low, high]: readonly [number, number]): EndLabel[] {
  const ends = SIDES.flatMap((side): EndLabel[] => {
    const last = rows.findLast((row) => row.side === side);
    return last ? [{ text: side, y: HEIGHT * (1 - (last.y - low) / (high - low)) }] : [];
  });
  return spreadLabels(ends, 14, HEIGHT);
}
