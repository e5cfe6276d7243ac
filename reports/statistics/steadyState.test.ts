import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SteadyState } from '../../contract/resultTrust.ts';
import { BINS } from './bins.ts';
import { blocksOf } from './blocks.ts';
import { emptySlices, quantileOfBins, sumRows } from './slices.ts';
import { steadyState, unsettledBy } from './steadyState.ts';
import {
  drifting,
  fanOut,
  independent,
  type LatencyModel,
  type SyntheticWindow,
  stalling,
  syntheticWindow,
  wandering,
} from './syntheticWindow.ts';

function judged({ slices, messages, seconds }: Omit<SyntheticWindow, 'values'>, seed = 1): SteadyState {
  const half = (from: number, to: number) => {
    const counts = sumRows(slices, from, to);
    return { p50: quantileOfBins(counts, 0.5), p99: quantileOfBins(counts, 0.99) };
  };
  const middle = slices.rows / 2;
  return steadyState({
    blocks: blocksOf(slices),
    halves: { first: half(0, middle), second: half(middle, slices.rows) },
    messages,
    windowSeconds: seconds,
    seed,
  });
}

/** How many windows of a model are called unsettled. */
function unsettled(model: LatencyModel, messagesPerSecond: number, trials: number): number {
  return Array.from({ length: trials }, (_, i) =>
    judged(syntheticWindow(model, { seconds: 20, messagesPerSecond, seed: i + 1 }), i),
  ).filter(({ verdict }) => verdict === 'no steady state').length;
}

describe('false alarms', () => {
  const TRIALS = 30;
  const MODELS: readonly (readonly [string, LatencyModel, number])[] = [
    ['independent messages', independent, 400],
    ['few independent messages', independent, 10],
    ['fifty subscribers, few messages', fanOut, 5],
    ['a level that wanders, with a memory of 0.1 s', wandering(0.1), 400],
    ['a level that wanders, with a memory of 0.2 s', wandering(0.2), 400],
    ['everything stopping twice a second', stalling(2), 400],
    ['everything stopping every two seconds', stalling(0.5), 400],
  ];

  test('of windows in which nothing changes at most 5 in 100 are called unsettled', () => {
    const alarms = MODELS.map(([name, model, rate]) => ({ name, alarms: unsettled(model, rate, TRIALS) }));
    const all = alarms.reduce((sum, each) => sum + each.alarms, 0);
    assert.ok(all <= 0.05 * TRIALS * MODELS.length, JSON.stringify(alarms));
    // None of them hides behind the others.
    for (const each of alarms) assert.ok(each.alarms <= 0.1 * TRIALS, JSON.stringify(each));
  });
});

describe('power', () => {
  const TRIALS = 20;
  for (const [name, model, atLeast] of [
    ['latency that doubles evenly', drifting(wandering(0.2), (share) => 1 + share), 0.9],
    ['latency that grows by a half', drifting(independent, (share) => 1 + share / 2), 1],
    ['a step by 60 % after seven tenths', drifting(wandering(0.2), (share) => (share > 0.7 ? 1.6 : 1)), 0.7],
    ['a slow warm-up', drifting(wandering(0.2), (share) => 1 + 2 * Math.exp(-5 * share)), 1],
    ['stalls that grow', drifting(stalling(0.5), (share) => 1 + share), 1],
  ] as const) {
    test(`finds ${name}`, () => {
      const found = unsettled(model, 400, TRIALS);
      assert.ok(found >= atLeast * TRIALS, `${found} of ${TRIALS}`);
    });
  }
});

test('says by how much and in which direction', () => {
  const doubling = drifting(independent, (share) => 1 + share);
  const { verdict, halves, trend } = judged(
    syntheticWindow(doubling, { seconds: 20, messagesPerSecond: 400, seed: 1 }),
  );
  assert.equal(verdict, 'no steady state');
  // Medians of exponential latencies of mean 20 ms are 13.9 ms: 17.3 ms and 24.3 ms in the halves, 13.9 ms more at the end.
  const near = (value: number | undefined, expected: number) =>
    assert.ok(value !== undefined && Math.abs(value - expected) < expected / 5, `${value} for ${expected}`);
  near(halves.p50?.differenceUs, 6_930);
  near(trend?.changeUs, 13_860);
  near(trend?.slopeUsPerSecond, 693);
  assert.ok((trend?.p ?? 1) < 1e-4);
  assert.ok((halves.p50?.interval.low ?? 0) > 0);
});

test('the same window and seed give the same answer', () => {
  const window = syntheticWindow(independent, { seconds: 20, messagesPerSecond: 100, seed: 3 });
  assert.deepEqual(judged(window, 9), judged(window, 9));
  assert.notDeepEqual(judged(window, 9).halves, judged(window, 10).halves);
});

test('a change that is clear and tiny is none that matters', () => {
  const slices = emptySlices(200);
  for (let row = 0; row < 200; row++) slices.counts[row * BINS + (row < 100 ? 300 : 302)] = 40;
  const answer = judged({ slices, messages: 8_000, seconds: 20 });
  assert.equal(answer.verdict, 'steady');
  assert.ok((answer.halves.p50?.interval.low ?? 0) > 0);
});

test('a p99 that the messages of a half do not support is not compared', () => {
  const few = judged(syntheticWindow(independent, { seconds: 20, messagesPerSecond: 36, seed: 1 }));
  const enough = judged(syntheticWindow(independent, { seconds: 20, messagesPerSecond: 37, seed: 1 }));
  assert.equal(few.halves.p99, null);
  assert.ok(few.halves.p50 !== null && enough.halves.p99 !== null);
});

test('of fewer than 20 slices with a message in them nothing is told', () => {
  const slices = emptySlices(200);
  for (let row = 0; row < 19; row++) slices.counts[row * 10 * BINS + 400 + row] = 1_000;
  assert.equal(judged({ slices, messages: 19, seconds: 20 }).verdict, 'not told');
});

test('what changed most, as a share of what matters, comes first', () => {
  const at = (differenceUs: number) => ({
    differenceUs,
    interval: { low: differenceUs - 1, high: differenceUs + 1 },
  });
  const first = { p50: 10_000, p99: 40_000 };
  const found = unsettledBy(
    {
      halves: { p50: at(-3_000), p99: at(20_000) },
      trend: { slices: 20, slopeUsPerSecond: -100, changeUs: -2_000, p: 1e-6 },
    },
    { first, second: first },
  );
  assert.deepEqual(
    found.map(({ what, changeUs, boundUs }) => [what, changeUs, boundUs]),
    [
      ['p99', 20_000, 8_000],
      ['p50', -3_000, 2_000],
    ],
  );
});
