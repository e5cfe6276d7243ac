import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run, RunResult } from '../../contract/result.ts';
import { renderCharts } from '../charts/allCharts.ts';
import { styleRuns } from '../charts/chart.ts';
import { renderComparisonCharts } from '../compare/charts/comparisonCharts.ts';
import { compareSources } from '../compare/comparison.ts';
import { renderComparisonPage } from '../compare/comparisonPage.ts';
import { DEFINITIONS } from '../definitions.ts';
import { foldProfile } from '../flame/foldProfile.ts';
import { renderGatePage } from '../gate/output/gatePage.ts';
import { articleRuns } from '../testing/sampleArticle.ts';
import { comparisonResult, comparisonRuns, repeatedRuns, sweepRuns } from '../testing/sampleComparison.ts';
import { sampleGate } from '../testing/sampleGate.ts';
import { busyCpuProfile, sampleProfile } from '../testing/sampleProfile.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { rollingRun } from '../testing/sampleRolling.ts';
import { sampleRun, suspectRun } from '../testing/sampleRun.ts';
import {
  articlePollRuns,
  articleWsRuns,
  busRuns,
  faultRun,
  samplePolling,
  spikeRun,
  statsAround,
} from '../testing/sampleScenarios.ts';
import { securityResult } from '../testing/sampleSecurity.ts';
import { slowRuns } from '../testing/sampleSlow.ts';
import { renderPage } from './page.ts';

const polled = sampleRun({ stage: 'poll', variant: 'conditional', polling: samplePolling() });
const chatting = sampleRun({
  chat: {
    uplink: 'stream',
    messages: 8_000,
    typing: 800,
    echoUs: statsAround(900),
    halfClosed: 10,
    halfCloseRefused: 0,
    halfClosedExpected: 100,
    halfClosedReceived: 100,
    tcpConnections: 5_000,
  },
});
const SINGLE: readonly (readonly Run[])[] = [
  [sampleRun()],
  [suspectRun(), sampleRun()],
  [polled],
  [chatting],
  busRuns(),
  [faultRun()],
  [rollingRun()],
  [spikeRun()],
  slowRuns(),
  articleRuns(),
  ...comparisonRuns().map((run) => [run]),
  articlePollRuns(),
  articleWsRuns(),
];
const COMPARED: readonly RunResult[] = [
  comparisonResult(),
  sampleResult({ runs: sweepRuns() }),
  sampleResult({ runs: busRuns() }),
  securityResult(),
];

async function singlePage(runs: readonly Run[]): Promise<string> {
  const encodings = [{ encoding: 'json', bytes: 300, encodeNs: 900, parseNs: 1_200 }];
  const result = sampleResult({ runs: [...runs], encodings });
  const styled = styleRuns(result.runs);
  const charts = await renderCharts(styled);
  const folded = foldProfile(busyCpuProfile());
  const profiles = styled.map((run) => ({ run, profile: sampleProfile(), folded, problem: null }));
  return renderPage({ result, runs: styled, charts, profiles });
}

async function comparedPage(results: readonly RunResult[]): Promise<string> {
  const comparison = compareSources(results.map((result, i) => ({ name: String(i), result })));
  const runs = comparison.groups.flatMap((group) => group.runs);
  const charts = await renderComparisonCharts(comparison);
  const result = { ...results[0], runs };
  const view = { result, runs: styleRuns(runs), charts, profiles: [], comparison, resultFiles: [] };
  return renderComparisonPage(view);
}

const change = [1_000, 700].map((us) => sampleResult({ runs: repeatedRuns(4, us) }));
const pages = [
  ...(await Promise.all(SINGLE.map(singlePage))),
  ...(await Promise.all([...COMPARED.map((result) => [result]), change].map(comparedPage))),
  renderGatePage({ gate: sampleGate(), charts: [], comparison: null }),
];

/** Heads of columns that hold names, words, settings or moments. */
const NO_FIGURES = new Set([
  '',
  'server',
  'what',
  'why',
  'by',
  'objective',
  'value',
  'pid',
  'network',
  'where',
  'function',
]);

const isLinked = (markup: string) => markup.includes('href="#def-');
const textOf = (markup: string) =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([match]) => match);

/** Labels of a table whose figures are not defined: neither their row nor their column leads to a definition. */
function undefinedLabels(table: string): string[] {
  const [head = ''] = all(table, /<thead>.*?<\/thead>/gs);
  const heads = all(head, /<th[ >].*?<\/th>/gs);
  const rows = all(table.replace(head, ''), /<tr>.*?<\/tr>/gs);
  return rows.flatMap((row) => {
    const cells = all(row, /<t[hd][ >].*?<\/t[hd]>/gs);
    const [label = ''] = cells;
    if (isLinked(label)) return [];
    return cells.flatMap((cell, column) => {
      const columnHead = heads[column] ?? '';
      const isFigure = /\d/.test(textOf(cell)) && column > 0;
      const isNamed = isLinked(columnHead) || NO_FIGURES.has(textOf(columnHead));
      return isFigure && !isNamed ? [`${textOf(columnHead)} | ${textOf(label)}`] : [];
    });
  });
}

test('every figure in a table of a report leads to its definition', () => {
  const labels = pages.flatMap((page) => all(page, /<table.*?<\/table>/gs).flatMap(undefinedLabels));
  assert.deepEqual([...new Set(labels)], []);
});

test('every key figure leads to its definition', () => {
  const terms = pages.flatMap((page) =>
    all(page, /<dl class="figures">.*?<\/dl>/gs).flatMap((list) => all(list, /<dt>.*?<\/dt>/gs)),
  );
  assert.ok(terms.length > 0);
  assert.deepEqual(
    terms.filter((term) => !isLinked(term)),
    [],
  );
});

test('every link to a definition finds it on the same page', () => {
  const known = new Set<string>(DEFINITIONS.map(({ id }) => id));
  for (const page of pages) {
    const ids = [...page.matchAll(/href="#def-([^"]+)"/g)].map(([, id = '']) => id);
    assert.deepEqual(
      [...new Set(ids)].filter((id) => !known.has(id) || !page.includes(`id="def-${id}"`)),
      [],
    );
  }
});

test('every definition is led to by some report', () => {
  const used = new Set(
    pages.flatMap((page) => [...page.matchAll(/href="#def-([^"]+)"/g)].map(([, id]) => id)),
  );
  assert.deepEqual(
    DEFINITIONS.filter(({ id }) => !used.has(id)).map(({ id }) => id),
    [],
  );
});
