import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { styleRuns } from '../charts/chart.ts';
import { articleRuns } from '../testing/sampleArticle.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { articleSection } from './sections/article.ts';
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
