import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderedChart } from './charts/allCharts.ts';
import { standaloneSvg } from './charts/renderChart.ts';

/** Writes a chart as SVG, with its specification and data beside it, below `charts/`; returns the path of the SVG. */
export async function writeChart(chart: RenderedChart, directory: string): Promise<string> {
  const path = join(directory, 'charts', `${chart.name}.svg`);
  await writeFile(path, standaloneSvg(chart.svg));
  await writeFile(
    join(directory, 'charts', `${chart.name}.vl.json`),
    `${JSON.stringify(chart.spec, null, 1)}\n`,
  );
  return path;
}
