import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { terminalSummary } from './terminal.ts';
import { articleRuns } from './testing/sampleArticle.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun, suspectRun } from './testing/sampleRun.ts';

const cases = {
  load: sampleResult({ runs: [suspectRun()] }),
  article: sampleResult({ runs: articleRuns() }),
  idle: sampleResult({ runs: [sampleRun({ deliveries: null, publish: null, latencyUs: null })] }),
  ceiling: sampleResult({ runs: articleRuns().map((run) => ({ ...run, article: null })) }),
  nothing: sampleResult({ runs: [], status: 'aborted' }),
  'long target': sampleResult({
    runs: [sampleRun({ plan: { ...sampleRun().plan, target: `http://127.0.0.1:9000/${'x'.repeat(300)}` } })],
  }),
};

for (const [name, result] of Object.entries(cases)) {
  test(`the summary fits 100 columns: ${name}`, () => {
    const text = terminalSummary(result, { colour: true, reportPath: 'bench-results/latest/report.html' });
    for (const line of stripVTControlCharacters(text).split('\n')) assert.ok(line.length <= 100, line);
    assert.match(text, /Report: bench-results\/latest\/report.html$/);
  });
}

test('no colour means no control characters, even from a hostile target', () => {
  const plan = { ...sampleRun().plan, target: 'http://\u001b[31mx\u0007' };
  const text = terminalSummary(sampleResult({ runs: [sampleRun({ plan })] }), {
    colour: false,
    reportPath: null,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
});
