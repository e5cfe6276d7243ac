import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateMetric } from '../../contract/gate.ts';
import { SAMPLE_METRICS } from '../../reports/testing/sampleGate.ts';
import { settleCommand } from './settleCommand.ts';

/** CPU per delivery: effect and half the width of its interval, against 5 %. */
function open(effect: number, half: number, over: Partial<GateMetric> = {}): GateMetric {
  const verdict = 'INCONCLUSIVE';
  const figures = { tolerance: 0.05, effect, low: effect - half, high: effect + half, verdict } as const;
  const differences = Array.from({ length: 8 }, () => 0);
  return {
    ...SAMPLE_METRICS[0],
    role: 'gate',
    scale: 'share',
    better: 'lower',
    differences,
    ...figures,
    ...over,
  };
}

const COMMAND = ['bench', 'gate', '--base', 'main~1', '--out', 'x', '--blocks=8', '--label', "a b=it's"];
const settled = (metrics: readonly GateMetric[], over = {}) =>
  settleCommand({
    metrics,
    blocks: 8,
    isCutShort: false,
    durationMs: 4_000,
    blockMs: 30_000,
    maxTimeMs: 900_000,
    leastTimes: 1,
    command: COMMAND,
    ...over,
  });

test('nothing is to be settled where everything is told', () => {
  assert.equal(settled([open(0.01, 0.02, { verdict: 'PASS' }), open(0, 0.2, { role: 'info' })]), null);
});

test('more of the same cannot tell what has no interval', () => {
  assert.equal(settled([open(0, 0, { effect: null, low: null, high: null })]), null);
});

test('the command is the same with more blocks, into a folder of its own', () => {
  const command = settled([open(0, 0.051)]) ?? '';
  assert.equal(command, "npx bench gate --base main~1 --label 'a b=it'\\''s' --blocks 12");
});

test('the farther the estimate lies from the tolerance, the fewer blocks it takes', () => {
  const blocks = [0.01, 0.0, -0.01].map((effect) =>
    Number(/--blocks (\d+)/.exec(settled([open(effect, 0.07)], { durationMs: null }) ?? '')?.[1]),
  );
  // Of 8 blocks with 1.3 times the square of half the width over the distance, on logarithms.
  assert.deepEqual(blocks, [34, 22, 16]);
});

test('where it would take longer than allowed, it allows itself as much', () => {
  assert.doesNotMatch(settled([open(0, 0.051)]) ?? '', /--max-time/);
  assert.match(settled([open(0, 0.051)], { maxTimeMs: 400_000 }) ?? '', / --max-time 9m$/);
});

test('where a longer window takes less time than more blocks, it is longer', () => {
  assert.match(settled([open(0.02, 0.04)]) ?? '', / --blocks 12 --duration 8s$/);
  assert.match(settled([open(0.03, 0.05)]) ?? '', / --blocks 17 --duration 16s --max-time 34m$/);
});

test('no longer window is named for what is measured before it', () => {
  const memory = open(0.02, 0.04, { path: 'memory.server.rssPerConnectionBytes' });
  assert.match(settled([memory]) ?? '', / --blocks 20$/);
});

test('nothing is promised that all that a gate can take would not keep', () => {
  assert.equal(settled([open(0.0499, 0.04)]), null);
  assert.equal(settled([open(0.05, 0.04)]), null);
});

test('of two that are open, the one that needs more blocks counts', () => {
  const [little, much] = [open(0, 0.051), open(0.03, 0.05)];
  assert.equal(settled([little, much]), settled([much]));
  assert.notEqual(settled([little]), settled([much]));
});

test('of what should be higher, the other side of the tolerance counts: 5 % less is further than 5 % more', () => {
  const rising = settled([open(0.02, 0.04)], { durationMs: null });
  assert.match(rising ?? '', /--blocks 20$/);
  const falling = open(-0.02, 0.04, { better: 'higher' });
  assert.match(settled([falling], { durationMs: null }) ?? '', /--blocks 18$/);
});

test('what is open for another reason than its width is not settled by more of the same', () => {
  const rare = { scale: 'count', tolerance: 0, effect: 0, low: 0, high: 0 } as const;
  assert.equal(settled([open(0, 0, rare)]), null);
});

test('blocks that there was no time for are made', () => {
  const none = { confidence: null, effect: null, low: null, high: null, differences: [0, 0, 0] };
  assert.equal(settled([open(0, 0, none)]), null);
  const command = settled([open(0, 0, none)], { isCutShort: true, maxTimeMs: 90_000 }) ?? '';
  assert.match(command, /--blocks=8 .* --max-time 6m$/);
});

test('a percentile with too few messages takes a window that has enough, or no command is named', () => {
  assert.match(settled([], { leastTimes: 3.68 }) ?? '', / --duration 16s/);
  assert.match(settled([open(0, 0.051)], { leastTimes: 1.2 }) ?? '', / --duration 8s/);
  assert.equal(settled([open(0, 0.051)], { leastTimes: 8.1 }), null);
  assert.equal(settled([open(0, 0.051)], { leastTimes: 2, durationMs: null }), null);
});
