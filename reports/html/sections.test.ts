import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { styleRuns } from '../charts/chart.ts';
import { articleRuns } from '../testing/sampleArticle.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { articleSection } from './sections/article.ts';
import { conditionsSection } from './sections/conditions.ts';
import { memorySection } from './sections/memory.ts';
import type { ReportView } from './view.ts';

function viewOf(runs: readonly Run[]): ReportView {
  return { result: sampleResult(), runs: styleRuns(runs), charts: new Map<string, never>(), profiles: [] };
}

function withMessages(messages: number): Run[] {
  return articleRuns().map((run) => ({
    ...run,
    latencyUs: run.latencyUs && { ...run.latencyUs, delivery: { ...run.latencyUs.delivery, messages } },
  }));
}

test('the p95 beside the article’s is grey where too few messages stand behind it, and a note says how many', () => {
  const few = articleSection(viewOf(withMessages(20)))?.text ?? '';
  assert.match(few, /class="figure unsupported"/);
  assert.match(few, /Grey: .*p95 needs 72, there were 20/);
  const enough = articleSection(viewOf(withMessages(72)))?.text ?? '';
  assert.doesNotMatch(enough, /unsupported|Grey/);
});

test('levels of memory are spoken of only where some were sampled', () => {
  const run = sampleRun();
  const textOf = (memory: Partial<Run['memory']>) =>
    memorySection(viewOf([{ ...run, memory: { ...run.memory, ...memory } }]))?.text ?? '';
  assert.match(textOf({ levels: [] }), /No levels were sampled/);
  assert.doesNotMatch(textOf({ levels: [] }), /Levels were sampled after/);
  assert.match(textOf({ machineBytes: -4_760_000 }), /hidden by other programs/);
});

test('the command that started a server is told among the conditions, and that of another is not', () => {
  const startedBy = (target: string | null): string => {
    const run = sampleRun({ plan: { ...sampleRun().plan, target } });
    const view = { ...viewOf([run]), result: sampleResult({ runs: [run] }) };
    return conditionsSection(view).text;
  };
  assert.match(
    startedBy('node <srv>.mjs'),
    /Each run started it anew: <code>node &lt;srv&gt;\.mjs<\/code>\./,
  );
  assert.doesNotMatch(startedBy('http://127.0.0.1:9000'), /started it anew/);
  assert.match(startedBy(null), /These are Node reference servers/);
});
