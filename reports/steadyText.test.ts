import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../contract/result.ts';
import { styleRuns } from './charts/chart.ts';
import { compareSources } from './compare/comparison.ts';
import { comparisonHeadline } from './compare/comparisonHeadline.ts';
import { comparisonMarkdown } from './compare/comparisonMarkdown.ts';
import { headline } from './headline.ts';
import { keyFigures } from './html/sections/keyFigures.ts';
import { validitySection } from './html/sections/validity.ts';
import { renderMarkdown } from './markdown.ts';
import { plainNumbers } from './numbers.ts';
import { differenceText, steadyVerdict, trendText, unsettledText } from './steadyText.ts';
import { terminalSummary } from './terminal.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';

const UNSETTLED: NonNullable<Run['steadyState']> = {
  verdict: 'no steady state',
  halves: {
    p50: { differenceUs: 3_000, interval: { low: 2_400, high: 3_900 } },
    p99: null,
  },
  trend: { slices: 20, slopeUsPerSecond: 300, changeUs: 6_000, p: 0.00001 },
};
const unsettled = (over: Partial<Run> = {}) => sampleRun({ steadyState: UNSETTLED, ...over });
const REASON = {
  code: 'notSteady',
  verdict: 'SUSPECT',
  families: ['latency'],
  message: 'no steady state, the median rose by 6 ms over the window',
  advice: 'Give a longer --warmup.',
  figure: 6_000,
  bound: 500,
  unit: 'us',
} as const;
const judged = unsettled({
  validity: { verdict: 'SUSPECT', reasons: [{ ...REASON, families: ['latency'] }] },
});

test('a run that never settled says so in its headline, in the terminal and in Markdown', () => {
  const result = sampleResult({ runs: [unsettled()] });
  const terminal = terminalSummary(result, { colour: false, reportPath: null }).replaceAll('\n', ' ');
  for (const text of [headline(result), terminal, renderMarkdown(result, [])])
    assert.match(plainNumbers(text), /p99 4.06 ms; no steady state; latency/);
  assert.doesNotMatch(headline(sampleResult({ runs: [sampleRun()] })), /steady/);
});

test('not twice where the verdict says it, and with the change', () => {
  const text = plainNumbers(headline(sampleResult({ runs: [judged] })));
  assert.equal(text.match(/no steady state/g)?.length, 1);
  assert.match(text, /latency SUSPECT: no steady state, the median rose by 6 ms over the window/);
});

test('of several runs the names, and how many of each', () => {
  const settled = sampleRun();
  assert.equal(
    unsettledText([
      { label: 'ws', run: unsettled() },
      { label: 'ws', run: settled },
      { label: 'grpc', run: unsettled() },
      { label: 'sse', run: settled },
    ]),
    'no steady state in ws (1 of 2 runs), grpc',
  );
  assert.equal(unsettledText([{ label: 'sse', run: settled }]), null);
  assert.equal(unsettledText([{ label: 'sse', run: sampleRun({ steadyState: null }) }]), null);
});

test('a comparison says whose runs had not settled', () => {
  const runs = [unsettled({ stage: 'ws', variant: 'send' }), sampleRun()];
  const comparison = compareSources([{ name: '', result: sampleResult({ runs }) }]);
  assert.match(comparisonHeadline(comparison), /no steady state in ws:send/);
  assert.match(comparisonMarkdown(comparison, []), /no steady state in ws:send/);
});

test('the page shows the verdict and what it was judged by', () => {
  const runs = [unsettled()];
  const view = { result: sampleResult({ runs }), runs: styleRuns(runs), charts: new Map(), profiles: [] };
  const html = plainNumbers(validitySection(view).text);
  assert.match(html, /steady state<\/a><\/th><td[^>]*>no steady state</);
  assert.match(keyFigures(view)?.text ?? '', /median [^<]*, no steady state</);
  assert.match(html, /\+3 ms \(\+2.4 ms to \+3.9 ms\)/);
  assert.match(html, /\+6 ms over the window, p &lt; 0.001/);
});

test('the figures in words', () => {
  assert.equal(
    plainNumbers(differenceText({ differenceUs: 200, interval: { low: -100, high: 500 } }) ?? ''),
    '+200 µs (-100 µs to +500 µs)',
  );
  assert.equal(
    plainNumbers(trendText({ slices: 20, slopeUsPerSecond: -5, changeUs: -100, p: 0.42 }) ?? ''),
    '-100 µs over the window, p = 0.420',
  );
  assert.equal(differenceText(null), null);
  assert.equal(trendText(null), null);
  assert.match(steadyVerdict({ ...UNSETTLED, verdict: 'not judged' }), /meant to change/);
  assert.match(steadyVerdict({ ...UNSETTLED, verdict: 'steady' }), /no clear change of more than 0\.5 ms/);
});
