import type { Chart, StyledRun } from './chart.ts';
import { deliveriesOverTime } from './deliveriesOverTime.ts';
import { latencyCurve } from './latencyCurve.ts';
import { latencyOverTime } from './latencyOverTime.ts';
import { renderSvg } from './renderChart.ts';

export interface RenderedChart extends Chart {
  readonly svg: string;
}

const CHARTS: readonly ((runs: readonly StyledRun[]) => Chart | null)[] = [
  latencyCurve,
  latencyOverTime,
  deliveriesOverTime,
];

/** Draws every chart that these runs have data for, by name. */
export async function renderCharts(runs: readonly StyledRun[]): Promise<Map<string, RenderedChart>> {
  const charts = new Map<string, RenderedChart>();
  for (const make of CHARTS) {
    const chart = make(runs);
    if (chart) charts.set(chart.name, { ...chart, svg: await renderSvg(chart.spec) });
  }
  return charts;
}
