import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../contract/result.ts';
import type { Threshold } from '../../contract/threshold.ts';
import { compareSources } from '../compare/comparison.ts';
import { comparisonMarkdown } from '../compare/comparisonMarkdown.ts';
import { renderPage } from '../html/page.ts';
import { escapeMarkdown, renderMarkdown } from '../markdown.ts';
import { terminalSummary } from '../terminal.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { thresholdMarkdown, thresholdSection, thresholdText } from './thresholdViews.ts';

const run = sampleRun();
const { deliveries } = run;
assert.ok(run.latencyUs !== null && deliveries !== null);
const latencyUs = {
  ...run.latencyUs,
  delivery: { ...run.latencyUs.delivery, p95: 49_980, p99: 50_020, p999: null },
};
const lostSeven = { ...deliveries, lost: 7 };
const HELD: Threshold = { text: 'deliveries.lost == 7', path: 'deliveries.lost', comparator: '==', bound: 7 };
const LATE: Threshold = {
  text: 'latencyUs.delivery.p99 < 50ms',
  path: 'latencyUs.delivery.p99',
  comparator: '<',
  bound: 50_000,
};
const LOST: Threshold = { ...LATE, text: 'latencyUs.delivery.p999 < 1s', path: 'latencyUs.delivery.p999' };
const ABSENT: Threshold = { ...HELD, text: 'polling.failed == 0', path: 'polling.failed' };

function resultWith(thresholds: readonly Threshold[], over: Partial<RunResult> = {}): RunResult {
  const runs = [sampleRun({ latencyUs, deliveries: lostSeven })];
  return sampleResult({ runs, config: { thresholds }, ...over });
}

const options = { columns: 100, colour: false, reportPath: null };

test('the terminal shows a mark, the threshold as it was given and the figure that decided', () => {
  const text = terminalSummary(resultWith([HELD, LATE, LOST, ABSENT]), options);
  const lines = text.slice(text.indexOf('1 of 4 thresholds holds:')).split('\n');
  assert.deepEqual(lines, [
    '1 of 4 thresholds holds:',
    '✓ deliveries.lost == 7           7',
    // Rounded it would read 50 ms, which is what the bound says.
    '✗ latencyUs.delivery.p99 < 50ms  50020 us',
    '✗ latencyUs.delivery.p999 < 1s   not defined: more than 0.1 % lost',
    '✗ polling.failed == 0            not measured',
  ]);
});

test('a figure of an INVALID family is shown, and said not to decide', () => {
  const reason = { ...invalidReason, families: ['latency' as const] };
  const judged = {
    ...resultWith([LATE]).runs[0],
    validity: { verdict: 'INVALID' as const, reasons: [reason] },
  };
  const text = thresholdText([{ name: '', result: resultWith([LATE], { runs: [judged] }) }], 100);
  assert.match(text.replaceAll(/\s+/g, ' '), /\(latency INVALID: the figure does not describe the server/);
  assert.ok(text.split('\n').every((line) => line.length <= 100));
});

const invalidReason = {
  code: 'sendLag',
  verdict: 'INVALID' as const,
  message: 'late',
  advice: 'less',
  figure: 2,
  bound: 1,
  unit: 'ms',
};

test('pages and Markdown have the section where there are thresholds, and none where there are none', () => {
  const charts = new Map<string, never>();
  const view = (result: RunResult) => ({ result, runs: [], charts, profiles: [] });
  const result = resultWith([HELD, { ...LATE, text: '<b> | x' }]);
  assert.match(renderPage(view(result)), /<section id="thresholds">.*&lt;b&gt; \| x/s);
  assert.doesNotMatch(renderPage(view(sampleResult())), /id="thresholds"/);
  assert.match(
    renderMarkdown(result, []),
    /## Do the thresholds hold\?\n\n1 of 2 thresholds holds\.\n.*\| ✗ \| \\<b\\> \\\| x \|/s,
  );
  assert.doesNotMatch(renderMarkdown(sampleResult(), []), /thresholds/);
  const comparison = compareSources([
    { name: 'old', result },
    { name: 'new', result },
  ]);
  assert.match(comparisonMarkdown(comparison, []), /2 of 4 thresholds hold\.\n.*\(old\).*\(new\)/s);
  assert.match(thresholdSection(comparison.sources)?.text ?? '', /2 of 4 thresholds hold/);
});

test('what is stored as thresholds and is none is left out', () => {
  const config = { thresholds: [{ text: 'x' }, 7, { ...HELD, comparator: '~' }, HELD] };
  const result = sampleResult({ config });
  assert.match(thresholdMarkdown([{ name: '', result }], escapeMarkdown), /0 of 1 threshold hold\./);
  assert.equal(thresholdMarkdown([{ name: '', result: sampleResult() }], escapeMarkdown), '');
});
