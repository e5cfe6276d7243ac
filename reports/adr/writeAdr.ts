import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { RenderedChart } from '../charts/allCharts.ts';
import type { Chart } from '../charts/chart.ts';
import { renderSvg } from '../charts/renderChart.ts';
import { percentilePanels } from '../compare/charts/percentilePanels.ts';
import { writeChart } from '../writeChart.ts';
import { writeWhole } from '../writeWhole.ts';
import { adrJson } from './adrJson.ts';
import { costChart } from './charts/costChart.ts';
import { sensitivityChart } from './charts/sensitivityChart.ts';
import { totalsChart } from './charts/totalsChart.ts';
import type { DecisionRecord } from './record.ts';
import { adrDocument } from './text/document.ts';
import { outcomeTitle } from './text/outcome.ts';
import type { Links } from './text/setting.ts';
import { footnotes } from './text/words.ts';

export interface AdrPlace {
  /** Markdown file of the record; its charts go to a folder of that name without the ending. */
  readonly file: string;
  /** `2026-11-23`. */
  readonly date: string;
  /** Folder of the result, where its report and profiles are. */
  readonly directory: string;
  readonly resultFile: string;
}

/** What was written: the finding, and the figures as JSON. */
export interface WrittenAdr {
  readonly headline: string;
  readonly json: ReturnType<typeof adrJson>;
}

/**
 * Writes the record, its charts and its figures.
 * @throws BenchError (usage) where a file cannot be written; BenchError where a histogram is damaged
 */
export async function writeAdr(record: DecisionRecord, place: AdrPlace): Promise<WrittenAdr> {
  const folder = place.file.replace(/\.md$/, '');
  const charts = await drawn(record);
  const json = adrJson(record, place.date);
  await writeWhole(join(folder, 'decision.json'), `${JSON.stringify(json, null, 1)}\n`);
  await mkdir(join(folder, 'charts'), { recursive: true });
  for (const chart of charts.values()) await writeChart(chart, folder);
  const links = linksOf(record, place, charts);
  const document = adrDocument({ record, links, notes: footnotes(), date: place.date });
  await writeWhole(place.file, document);
  return { headline: outcomeTitle(record), json };
}

async function drawn(record: DecisionRecord): Promise<Map<string, RenderedChart>> {
  const made: readonly (Chart | null)[] = [
    percentilePanels(record.comparison.servers),
    totalsChart(record),
    costChart(record),
    sensitivityChart(record),
  ];
  const charts = new Map<string, RenderedChart>();
  for (const chart of made) {
    if (chart) charts.set(chart.name, { ...chart, svg: await renderSvg(chart.spec) });
  }
  return charts;
}

function linksOf(
  { comparison }: DecisionRecord,
  { file, directory, resultFile }: AdrPlace,
  charts: ReadonlyMap<string, RenderedChart>,
): Links {
  const to = (path: string) => linked(relative(dirname(file), path));
  const report = join(directory, 'report.html');
  const name = basename(file).replace(/\.md$/, '');
  const profiles = comparison.servers.flatMap(({ label, runs }) =>
    runs
      .flatMap((run) => run.profiles.map(({ path }) => join(directory, path)))
      .filter((path) => existsSync(path))
      .map((path) => ({ label, path: to(path) })),
  );
  const hasReport = existsSync(report);
  return {
    result: to(resultFile),
    report: hasReport ? to(report) : null,
    flames: hasReport && profiles.length > 0 ? `${to(report)}#flames` : null,
    profiles,
    chart: (chart) => {
      const drawing = charts.get(chart);
      return drawing
        ? { path: linked(join(name, 'charts', `${chart}.svg`)), description: drawing.description }
        : null;
    },
  };
}

/** A path as a link of Markdown holds it: no spaces, no brackets that would end it. */
function linked(path: string): string {
  return encodeURI(path).replace(/[()#?]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
