import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';
import { renderCharts } from './charts/allCharts.ts';
import { styleRuns } from './charts/chart.ts';
import { isComparison } from './compare/serverGroup.ts';
import { writeComparison } from './compare/writeComparison.ts';
import { loadProfiles } from './flame/loadProfile.ts';
import { renderPage } from './html/page.ts';
import { renderMarkdown } from './markdown.ts';
import { RESULT_FILE } from './resultFile.ts';
import { writeChart } from './writeChart.ts';

/** Paths of what was written. */
export interface ReportFiles {
  readonly html: string;
  readonly markdown: string;
  readonly charts: readonly string[];
}

/**
 * Writes report.html, report.md and charts/ for a result into its folder, where its profiles already are.
 * @throws BenchError where the folder cannot be written.
 */
export async function writeReport(result: RunResult, directory: string): Promise<ReportFiles> {
  try {
    return isComparison(result.runs)
      ? await writeComparison(
          [{ name: '', result, path: join(directory, RESULT_FILE), directory }],
          directory,
        )
      : await writeSingle(result, directory);
  } catch (error) {
    if (error instanceof BenchError) throw error;
    throw new BenchError(`${directory}: the report cannot be written: ${messageOf(error)}`, {
      exitCode: EXIT.usage,
      hint: 'Name a folder that can be written, with room on its disk.',
      cause: error,
    });
  }
}

async function writeSingle(result: RunResult, directory: string): Promise<ReportFiles> {
  const runs = styleRuns(result.runs);
  const charts = await renderCharts(runs);
  const profiles = await loadProfiles(runs, directory);
  const files = { html: join(directory, 'report.html'), markdown: join(directory, 'report.md') };
  await mkdir(join(directory, 'charts'), { recursive: true });
  await writeFile(files.html, renderPage({ result, runs, charts, profiles }));
  await writeFile(files.markdown, renderMarkdown(result, [...charts.values()]));
  const written = await Promise.all([...charts.values()].map((chart) => writeChart(chart, directory)));
  return { ...files, charts: written };
}
