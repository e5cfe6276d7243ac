import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRun } from '../../reports/testing/sampleRun.ts';
import { samplePolling } from '../../reports/testing/sampleScenarios.ts';
import { pollRowOf } from './articlePoll.ts';

const run = sampleRun({ stage: 'poll', variant: 'short', polling: samplePolling() });

test('the row tells what the run measured, beside the claim', () => {
  const row = pollRowOf(run, []);
  assert.equal(row.claim?.meanDelayMs, 382);
  assert.equal(row.meanRoundTripUs, run.polling?.roundTripUs.mean);
  assert.equal(row.meanDeliveryUs, run.latencyUs?.delivery.mean);
  assert.equal(row.emptyRatio, 0.666);
  assert.equal(row.exponent, null);
});

test('polls are those of the whole fleet, though only the bulk clients count theirs', () => {
  const plan = { ...run.plan, probes: 1_000 };
  assert.equal(pollRowOf({ ...run, plan }, []).pollsPerSecond, 499.6 * (5_000 / 4_000));
});

test('the CPU peak is that of the window, not of the warm-up', () => {
  const timeline = run.timeline.map((second) => ({
    ...second,
    cpu: { ...second.cpu, server: second.second < 0 ? 1 : 0.25 + second.second / 100 },
  }));
  assert.equal(pollRowOf({ ...run, timeline }, []).cpuPeakCores, 0.44);
});

test('a variant that the article does not speak of has no claim', () => {
  assert.equal(pollRowOf({ ...run, variant: 'long' }, []).claim, null);
});

test('a held request has no round trip to compare: it waits for news', () => {
  assert.equal(pollRowOf({ ...run, polling: samplePolling({ intervalMs: 0 }) }, []).meanRoundTripUs, null);
});
