import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../contract/result.ts';
import { compareSources } from '../../compare/comparison.ts';
import { comparisonRuns } from '../../testing/sampleComparison.ts';
import { SAMPLE_PRICES } from '../../testing/sampleMeasured.ts';
import { sampleResult } from '../../testing/sampleResult.ts';
import { type Decision, NO_DECISION } from '../decision.ts';
import { decisionRecord } from '../record.ts';
import { adrDocument } from './document.ts';
import { footnotes } from './words.ts';

const RUNS = comparisonRuns();

/** The record of the sample comparison with some of its runs changed. */
function recordOf(change: (run: Run) => Run, decision: Decision = NO_DECISION): string {
  const result = sampleResult({ runs: RUNS.map(change) });
  const comparison = compareSources([{ name: '', result }]);
  const inputs = { result, comparison, decision, prices: SAMPLE_PRICES, facts: new Map() };
  return adrDocument({
    record: decisionRecord(inputs),
    links: { result: 'result.json', report: null, flames: null, profiles: [], chart: () => null },
    notes: footnotes(),
    date: '2026-01-01',
  });
}

const rowOf = (text: string, start: string) =>
  text.split('\n').filter((line) => line.startsWith(`| ${start}`));

test('a percentile that was lost scores nothing, and is called not defined', () => {
  const text = recordOf((run) => {
    if (run.stage !== 'sse' || run.latencyUs === null) return run;
    const delivery = { ...run.latencyUs.delivery, p50: null, p90: null, p95: null, p99: null, p999: null };
    return { ...run, latencyUs: { ...run.latencyUs, delivery } };
  });
  const [score] = rowOf(text, 'latency,');
  assert.match(score, /\| 0 \(0\): more was lost than it leaves out \|/);
  assert.doesNotMatch(score, /0 to 10/);
  assert.match(rowOf(text, 'delivery latency, p50')[0], /not defined: more was lost than it leaves out/);
  assert.match(text, /\* Bad, because its delivery latency \(p\d+\) is not defined: more was lost/);
});

test('what is said against a ceiling is told where the figures are judged', () => {
  const reason = {
    code: 'generatorShare',
    verdict: 'SUSPECT' as const,
    families: ['throughput' as const],
    message: 'generator 60 % of the machine',
    advice: 'use more cores',
    figure: 0.6,
    bound: 0.4,
    unit: 'share',
  };
  const isTold = (text: string) =>
    /no score is made of them[\s\S]*generator 60 % of the machine[\s\S]*## Decision Drivers/.test(text);
  const doubted = { verdict: 'SUSPECT' as const, reasons: [reason] };
  assert.ok(isTold(recordOf((run) => (run.ceiling === null ? run : { ...run, validity: doubted }))));
  assert.ok(!isTold(recordOf((run) => run)));
});

test('what leaving polls saves is bounded where they find less than in the runs', () => {
  const migration = { from: 'poll', personDays: new Map([['ws', 5]]), ratePerDay: 500 };
  const savings = (messagesPerSecond: number) =>
    recordOf((run) => run, {
      ...NO_DECISION,
      migration,
      traffic: { ...NO_DECISION.traffic, messagesPerSecond },
    });
  assert.match(savings(1), /price of poll:conditional is an upper bound, and so is what a change saves/);
  assert.doesNotMatch(savings(10_000), /upper bound, and so is/);
});

test('nothing is said to be stretched where nothing is published', () => {
  const traffic = { ...NO_DECISION.traffic, connections: 5_000, messagesPerSecond: 0 };
  const text = recordOf((run) => run, { ...NO_DECISION, traffic });
  assert.doesNotMatch(text, /far from what was measured|Infinity|∞|NaN/);
  assert.match(
    recordOf((run) => run, { ...NO_DECISION, traffic: { ...traffic, messagesPerSecond: 100_000 } }),
    /far from what was measured\*\*: up to 250 times the load/,
  );
});

test('what no option has a figure of is told once, and beside what would settle the rest', () => {
  const text = recordOf((run) => {
    const server = { ...run.memory.server, rssPerConnectionBytes: null };
    return { ...run, memory: { ...run.memory, server, levels: [] } };
  });
  assert.equal(text.match(/not measured is memory per connection\./g)?.length, 1);
  assert.match(text, / No leader has a figure for cost\./);
  assert.match(rowOf(text, 'cost,')[0], /0 to 10: no price/);
  assert.doesNotMatch(text, /is priced by its polls/);
});
