import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../contract/result.ts';
import { ceilingSteps } from './charts/ceilingSteps.ts';
import { styleRuns } from './charts/chart.ts';
import { latencyOverTime } from './charts/latencyOverTime.ts';
import { compareSources } from './compare/comparison.ts';
import { comparisonMarkdown } from './compare/comparisonMarkdown.ts';
import { METRIC } from './compare/comparisonMetrics.ts';
import { comparisonText } from './compare/comparisonTerminal.ts';
import { figureOf } from './compare/figures.ts';
import { ladderSection } from './compare/sections/ladderSection.ts';
import { busSection } from './html/sections/bus.ts';
import { ceilingSection } from './html/sections/ceiling.ts';
import { howFastSection } from './html/sections/howFast.ts';
import { renderMarkdown } from './markdown.ts';
import { plainNumbers } from './numbers.ts';
import { backingNote, backingOf } from './percentiles.ts';
import { terminalSummary } from './terminal.ts';
import { articleRuns } from './testing/sampleArticle.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';
import { busRuns } from './testing/sampleScenarios.ts';

const plain = sampleRun();

/** A run of so many messages. */
function few(messages: number, over: Partial<Run> = {}): Run {
  const latency = plain.latencyUs;
  assert.ok(latency);
  return sampleRun({ latencyUs: { ...latency, delivery: { ...latency.delivery, messages } }, ...over });
}

const [bussed] = busRuns();

/** A run over a bus that took so many messages. */
function overBus(messages: number, over: Partial<Run> = {}): Run {
  assert.ok(bussed?.bus);
  return { ...bussed, bus: { ...bussed.bus, hopUs: { ...bussed.bus.hopUs, messages } }, ...over };
}

const oneLine = (text: string) => plainNumbers(text).replace(/\s+/g, ' ');
const page = (runs: readonly Run[]) => ({
  result: sampleResult({ runs: [...runs] }),
  runs: styleRuns(runs),
  charts: new Map<string, never>(),
  profiles: [],
});

test('says what each percentile needs and how many messages there were; nothing where there were enough', () => {
  const at = (key: 'p50' | 'p99' | 'p999', messages: number) => backingOf({ messages }, key);
  assert.equal(
    oneLine(
      backingNote('Grey', [at('p99', 15), at('p99', 200), at('p999', 3_687), at('p50', 15), null]) ?? '',
    ),
    'Grey: too few independent messages for the upper end of an interval (p99 needs 368, there were 15 to 200; p99.9 needs 3,688, there were 3,687).',
  );
  assert.equal(backingNote('Grey', [at('p99', 368), at('p999', 3_688), undefined]), null);
});

test('the page of one run: grey, and a note with the counts', () => {
  const html = oneLine(howFastSection(page([few(200)]))?.text ?? '');
  assert.match(html, /Grey: too few independent messages .*p99 needs 368, there were 200/);
  const enough = oneLine(howFastSection(page([few(8_000, { handshakeUs: null })]))?.text ?? '');
  assert.doesNotMatch(enough, /too few/);
});

test('a percentile whose interval has no upper end says so', () => {
  const intervals = plain.latencyIntervalsUs;
  assert.ok(intervals);
  const html = (over: Partial<Run>) => oneLine(howFastSection(page([sampleRun(over)]))?.text ?? '');
  assert.match(
    html({ latencyIntervalsUs: { ...intervals, p99: null } }),
    /no 95 % interval: its upper end lies beyond what was seen/,
  );
  assert.doesNotMatch(html({}), /no 95 % interval/);
  assert.doesNotMatch(html({ latencyIntervalsUs: null }), /no 95 % interval/);
});

test('figures of one kind of run: those of the bus', () => {
  const html = busSection(page([overBus(100)]))?.text ?? '';
  assert.match(html, /unsupported[^>]*>[^<]+</);
  assert.match(oneLine(html), /p99 needs 368, there were 100/);
  assert.doesNotMatch(busSection(page([overBus(368)]))?.text ?? '', /too few/);
});

test('terminal and Markdown of one run: brackets, and what they mean', () => {
  const run = overBus(8_000, { latencyUs: few(200).latencyUs });
  const terminal = oneLine(
    terminalSummary(sampleResult({ runs: [run] }), { colour: false, reportPath: null, columns: 140 }),
  );
  assert.match(terminal, /\(4.06 ms\)/);
  assert.match(terminal, /In brackets: too few independent messages .*\(p99 needs 368, there were 200\)/);
  const markdown = oneLine(renderMarkdown(sampleResult({ runs: [run] }), []));
  assert.match(markdown, /\| \(4.06 ms\) \|/);
  assert.match(markdown, /p99 needs 368, there were 200/);
});

test('a comparison: grey or in brackets with the counts, handshakes and echoes included', () => {
  const runs = [few(200), sampleRun({ stage: 'ws', variant: 'send' })];
  const comparison = compareSources([{ name: '', result: sampleResult({ runs }) }]);
  const view = { ...page(runs), comparison, resultFiles: [] };
  assert.match(oneLine(ladderSection(view).text), /Grey: .*p99 needs 368, there were 200/);
  assert.match(oneLine(comparisonText(comparison, 120)), /In brackets: .*p99 needs 368, there were 200/);
  assert.match(oneLine(comparisonMarkdown(comparison, [])), /In brackets: .*p99 needs 368, there were 200/);
  const handshakes = plain.handshakeUs && { ...plain.handshakeUs, messages: 20 };
  const small = compareSources([
    { name: '', result: sampleResult({ runs: [sampleRun({ handshakeUs: handshakes })] }) },
  ]);
  const [group] = small.servers;
  assert.ok(group);
  assert.equal(figureOf(group, METRIC.handshake)?.isSupported, false);
  assert.equal(figureOf(group, METRIC.handshakeMedian)?.isSupported, true);
});

test('the chart over time says that a second has too few messages for a p99', () => {
  const specOf = (run: Run) => JSON.stringify(latencyOverTime(styleRuns([run]))?.spec);
  assert.doesNotMatch(specOf(plain), /too few/);
  const slower = plain.timeline.map((second) => ({ ...second, intended: 500 }));
  assert.match(specOf(sampleRun({ timeline: slower })), /p99 needs 368, there were 10/);
});

test('the steps of a search: the messages of each', () => {
  const [searched] = articleRuns();
  const step = searched?.ceiling?.steps[0];
  assert.ok(searched && step);
  const at = (ratePerSecond: number): Run => ({
    ...searched,
    article: null,
    workload: { ...searched.workload, durationMs: 3_000 },
    ceiling: searched.ceiling && { ...searched.ceiling, steps: [{ ...step, ratePerSecond }] },
  });
  assert.match(
    oneLine(ceilingSection(page([at(20)]))?.text ?? ''),
    /\([\d.]+ m?s\)<.*In brackets: .*p95 needs 72, there were 60/,
  );
  assert.doesNotMatch(ceilingSection(page([at(24)]))?.text ?? '', /too few/);
  assert.match(JSON.stringify(ceilingSteps(styleRuns([at(20)]))?.spec), /p95 needs 72, there were 60/);
});
