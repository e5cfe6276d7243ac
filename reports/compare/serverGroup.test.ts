import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { articleRuns } from '../testing/sampleArticle.ts';
import { comparisonResult, comparisonRuns, sweepRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { METRIC } from './comparisonMetrics.ts';
import { figureOf } from './figures.ts';
import { groupRuns, isComparison } from './serverGroup.ts';

test('more than one server or a sweep makes a comparison; repeats and the article’s tables do not', () => {
  assert.equal(isComparison(comparisonRuns()), true);
  assert.equal(isComparison(sweepRuns()), true);
  assert.equal(isComparison([sampleRun(), sampleRun()]), false);
  assert.equal(isComparison(articleRuns()), false);
  assert.equal(isComparison([]), false);
});

test('runs are grouped by server, and stand for themselves by one under the shared load', () => {
  const groups = groupRuns([{ name: '', result: comparisonResult() }]);
  assert.deepEqual(
    groups.map(({ label, runs, look }) => [label, runs.length, look.run.procedure]),
    [
      ['poll:conditional', 4, 'load'],
      ['sse:shared', 4, 'load'],
      ['ws:prepared', 4, 'load'],
      ['ws-cluster:embedded', 4, 'load'],
      ['grpc:server-stream', 4, 'load'],
    ],
  );
});

test('a figure comes from the runs that measured it under the shared load', () => {
  const [poll, sse] = groupRuns([{ name: '', result: comparisonResult() }]);
  assert.ok(poll && sse);
  assert.equal(figureOf(sse, METRIC.cpu)?.estimate.values.length, 3);
  assert.equal(figureOf(sse, METRIC.lost)?.estimate.value, 0);
  assert.equal(figureOf(poll, METRIC.ceiling), null);
  assert.equal(figureOf(poll, METRIC.closedLoop)?.estimate.value, 13_400);
  assert.equal(figureOf(sse, METRIC.memory)?.estimate.interval?.kind, 'levels');
  assert.deepEqual(figureOf(sse, METRIC.ceiling)?.estimate.interval?.kind, 'search');
});

test('swept values are groups of their own', () => {
  const groups = groupRuns([{ name: '', result: sampleResult({ runs: sweepRuns() }) }]);
  assert.equal(groups.length, 10);
  assert.deepEqual(groups[1]?.sweep, { key: 'ratePerSecond', value: 200 });
});

test('one server in two results is two groups, told apart by the result’s name and line', () => {
  const [monday, tuesday] = groupRuns([
    { name: 'monday', result: sampleResult() },
    { name: 'tuesday', result: sampleResult() },
  ]);
  assert.equal(monday?.label, 'sse:shared (monday)');
  assert.equal(tuesday?.look.label, 'sse:shared (tuesday)');
  assert.equal(monday?.look.colour, tuesday?.look.colour);
  assert.notDeepEqual(monday?.look.dash, tuesday?.look.dash);
});

test('a p99 that was lost is later than any: it is not left out of the median of the runs', () => {
  const lossy = sampleRun();
  if (!lossy.latencyUs) throw new RangeError('the sample run has latencies');
  const delivery = { ...lossy.latencyUs.delivery, p99: null };
  const run = { ...lossy, latencyUs: { ...lossy.latencyUs, delivery } };
  const p99 = (runs: Run[]) => {
    const [group] = groupRuns([{ name: '', result: sampleResult({ runs }) }]);
    return group ? figureOf(group, METRIC.p99) : null;
  };
  assert.equal(p99([run, run, sampleRun()]), null);
  assert.equal(p99([run, sampleRun(), sampleRun()])?.estimate.interval?.high, Number.POSITIVE_INFINITY);
});

test('a search knows no upper end where no rate failed, and reaches to the lowest that did', () => {
  const found = comparisonRuns().find(({ ceiling }) => ceiling);
  assert.ok(found?.ceiling);
  const { ceiling } = found;
  const high = (steps: NonNullable<Run['ceiling']>['steps']) => {
    const runs = [{ ...found, ceiling: { ...ceiling, steps } }];
    const [group] = groupRuns([{ name: '', result: sampleResult({ runs }) }]);
    return group && figureOf(group, METRIC.ceiling)?.estimate.interval?.high;
  };
  const { steps, deliveriesPerSecond } = ceiling;
  assert.equal(high(steps.filter(({ passed }) => passed)), Number.POSITIVE_INFINITY);
  assert.equal(Math.round(high(steps) ?? 0), Math.round((deliveriesPerSecond ?? 0) * 1.2));
});
