import type { RenderedChart } from '../../charts/allCharts.ts';
import { ceilingSteps } from '../../charts/ceilingSteps.ts';
import type { Chart } from '../../charts/chart.ts';
import { renderSvg } from '../../charts/renderChart.ts';
import type { Comparison } from '../comparison.ts';
import type { ServerGroup } from '../serverGroup.ts';
import { costBars, memoryBars, moneyBars, roiBars } from './comparedBars.ts';
import { percentilePanels } from './percentilePanels.ts';
import { roiScatter } from './roiScatter.ts';
import { securityDots } from './securityDots.ts';
import { sweepCpu, sweepLatency, sweepMemory } from './sweepCharts.ts';

/** Drawn of the servers at one load. */
const OF_ONE_LOAD: readonly ((groups: readonly ServerGroup[]) => Chart | null)[] = [
  percentilePanels,
  securityDots,
  memoryBars,
  costBars,
  roiBars,
  moneyBars,
  roiScatter,
  searches,
];

/** Draws every chart that the comparison has data for, by name. */
export async function renderComparisonCharts(comparison: Comparison): Promise<Map<string, RenderedChart>> {
  const charts = new Map<string, RenderedChart>();
  const made = [
    ...OF_ONE_LOAD.map((make) => make(comparison.servers)),
    sweepLatency(comparison.groups),
    sweepMemory(comparison.groups),
    sweepCpu(comparison.groups),
  ];
  for (const chart of made) {
    if (chart) charts.set(chart.name, { ...chart, svg: await renderSvg(chart.spec) });
  }
  return charts;
}

/** The steps of the searches, one search per server. */
function searches(groups: readonly ServerGroup[]): Chart | null {
  const runs = groups.flatMap(({ look, runs: all }) => {
    const run = all.find(({ ceiling }) => ceiling);
    return run ? [{ ...look, run }] : [];
  });
  return ceilingSteps(runs);
}
