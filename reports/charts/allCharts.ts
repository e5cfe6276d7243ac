import { articleClaims } from './articleClaims.ts';
import { ceilingSteps } from './ceilingSteps.ts';
import type { Chart, StyledRun } from './chart.ts';
import { connectRamp } from './connectRamp.ts';
import { cpuOverTime } from './cpuOverTime.ts';
import { deliveriesOverTime } from './deliveriesOverTime.ts';
import { faultOverTime } from './faultOverTime.ts';
import { latencyOverTime } from './latencyOverTime.ts';
import { memoryLevels } from './memoryLevels.ts';
import { handshakeCurve, latencyCurve } from './percentileCurve.ts';
import { pollSweep } from './pollSweep.ts';
import { renderSvg } from './renderChart.ts';
import { wsMemory } from './wsMemory.ts';

export interface RenderedChart extends Chart {
  readonly svg: string;
}

const CHARTS: readonly ((runs: readonly StyledRun[]) => Chart | null)[] = [
  articleClaims,
  pollSweep,
  wsMemory,
  ceilingSteps,
  faultOverTime,
  latencyCurve,
  latencyOverTime,
  deliveriesOverTime,
  handshakeCurve,
  connectRamp,
  memoryLevels,
  cpuOverTime,
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
