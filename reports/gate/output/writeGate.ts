import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GateResult } from '../../../contract/gate.ts';
import type { RunResult } from '../../../contract/result.ts';
import type { RenderedChart } from '../../charts/allCharts.ts';
import { renderSvg } from '../../charts/renderChart.ts';
import { writeComparison } from '../../compare/writeComparison.ts';
import { writeChart } from '../../writeChart.ts';
import { writeWhole } from '../../writeWhole.ts';
import { blockLines } from './charts/blockLines.ts';
import { effectDots } from './charts/effectDots.ts';
import { writeGateFile } from './gateFile.ts';
import { gateMarkdown } from './gateMarkdown.ts';
import { renderGatePage } from './gatePage.ts';
import { gateJunit, type OnInconclusive } from './junit.ts';

/** Paths of what was written. */
export interface GateFiles {
  readonly json: string;
  readonly junit: string;
  readonly markdown: string;
  readonly html: string;
}

const COMPARISON = 'compare/report.html';

/**
 * Writes gate.json, junit.xml, gate.md, report.html with charts/, and the comparison of both sides in compare/.
 * @param sides the results that `gate.base.result` and `gate.head.result` name, which are the caller's to write
 * @throws BenchError (internal) where the gate does not have the published shape, before anything else is written; (usage) where the
 * folder cannot be written
 */
export async function writeGate(
  gate: GateResult,
  sides: { readonly base: RunResult; readonly head: RunResult },
  directory: string,
  onInconclusive: OnInconclusive = 'warn',
): Promise<GateFiles> {
  const json = await writeGateFile(gate, directory);
  const files = {
    json,
    junit: join(directory, 'junit.xml'),
    markdown: join(directory, 'gate.md'),
    html: join(directory, 'report.html'),
  };
  await writeWhole(files.junit, gateJunit(gate, onInconclusive));
  await writeWhole(files.markdown, gateMarkdown(gate));
  const charts = await drawn(gate);
  await mkdir(join(directory, 'charts'), { recursive: true });
  for (const chart of charts) await writeChart(chart, directory);
  const comparison = await compared(gate, sides, directory);
  await writeWhole(files.html, renderGatePage({ gate, charts, comparison }));
  return files;
}

async function drawn(gate: GateResult): Promise<RenderedChart[]> {
  const charts: RenderedChart[] = [];
  for (const chart of [effectDots(gate), blockLines(gate)]) {
    if (chart) charts.push({ ...chart, svg: await renderSvg(chart.spec) });
  }
  return charts;
}

/** null where a side has no run: then there is nothing to lay side by side. */
async function compared(
  gate: GateResult,
  { base, head }: { readonly base: RunResult; readonly head: RunResult },
  directory: string,
): Promise<string | null> {
  if (base.runs.length === 0 || head.runs.length === 0) return null;
  const source = (name: string, file: string, result: RunResult) => {
    const path = join(directory, file);
    return { name, result, path, directory: dirname(path) };
  };
  await writeComparison(
    [source('base', gate.base.result, base), source('head', gate.head.result, head)],
    join(directory, dirname(COMPARISON)),
  );
  return COMPARISON;
}
