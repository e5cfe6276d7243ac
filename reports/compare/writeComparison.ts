import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunResult } from '../../contract/result.ts';
import { type RenderedChart, renderCharts } from '../charts/allCharts.ts';
import { styleRuns } from '../charts/chart.ts';
import { type LoadedProfile, loadProfiles } from '../flame/loadProfile.ts';
import { writeChart } from '../writeChart.ts';
import type { ReportFiles } from '../writeReport.ts';
import { renderComparisonCharts } from './charts/comparisonCharts.ts';
import { type Comparison, compareSources } from './comparison.ts';
import { comparisonMarkdown } from './comparisonMarkdown.ts';
import { renderComparisonPage } from './comparisonPage.ts';
import { FAULT_CHART, SINGLE_RUN_CHARTS } from './sections/ofEachServer.ts';
import type { Source } from './serverGroup.ts';

/** A result, its file, and the folder that holds its profiles. */
export interface StoredSource extends Source {
  readonly path: string;
  readonly directory: string;
}

/**
 * Writes report.html, report.md and charts/ of a comparison.
 * @throws BenchError where a histogram is damaged; the error of the file system where the folder cannot be written
 */
export async function writeComparison(
  sources: readonly StoredSource[],
  directory: string,
): Promise<ReportFiles> {
  const comparison = compareSources(sources);
  const charts = await drawn(comparison);
  const profiles = await profilesOf(sources, comparison);
  const [first] = sources;
  const files = { html: join(directory, 'report.html'), markdown: join(directory, 'report.md') };
  await mkdir(join(directory, 'charts'), { recursive: true });
  if (first) {
    const runs = comparison.groups.flatMap((group) => group.runs);
    const result: RunResult = { ...first.result, runs: [...runs] };
    const resultFiles = sources.map(({ path }) => relative(directory, path));
    const view = { result, runs: styleRuns(runs), charts, profiles, comparison, resultFiles };
    await writeFile(files.html, renderComparisonPage(view));
    await writeFile(files.markdown, comparisonMarkdown(comparison, [...charts.values()]));
  }
  const written = await Promise.all([...charts.values()].map((chart) => writeChart(chart, directory)));
  return { ...files, charts: written };
}

async function drawn(comparison: Comparison): Promise<Map<string, RenderedChart>> {
  const charts = await renderComparisonCharts(comparison);
  const singles = await renderCharts(comparison.servers.map(({ look }) => look));
  // The fault is drawn in a section of its own.
  const wanted = new Set<string>([FAULT_CHART, ...SINGLE_RUN_CHARTS.map(([name]) => name)]);
  for (const [name, chart] of singles) if (wanted.has(name)) charts.set(name, chart);
  return charts;
}

async function profilesOf(
  sources: readonly StoredSource[],
  { servers }: Comparison,
): Promise<LoadedProfile[]> {
  const loads = sources.map(({ directory }, i) => {
    const own = servers.filter(({ source }) => source === i);
    return loadProfiles(
      own.flatMap(({ look, runs }) => runs.map((run) => ({ ...look, run }))),
      directory,
    );
  });
  return (await Promise.all(loads)).flat();
}
