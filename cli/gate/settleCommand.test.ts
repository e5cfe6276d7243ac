import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateMetric } from '../../contract/gate.ts';
import { SAMPLE_METRICS } from '../../reports/testing/sampleGate.ts';
import { settleCommand } from './settleCommand.ts';

/** CPU per delivery: effect and half the width of its interval, against 5 %. */
function open(effect: number, half: number, over: Partial<GateMetric> = {}): GateMetric {
  const verdict = 'INCONCLUSIVE';
  const figures = { tolerance: 0.05, effect, low: effect - half, high: effect + half, verdict } as const;
  return { ...SAMPLE_METRICS[0], role: 'gate', scale: 'share', better: 'lower', ...figures, ...over };
}

const COMMAND = ['bench', 'gate', '--base', 'main', '--out', 'x', '--blocks=8', '--label', "a b=it's"];
const settled = (metrics: readonly GateMetric[], over = {}) =>
  settleCommand({
    metrics,
    blocks: 8,
    durationMs: 4_000,
    blockMs: 30_000,
    maxTimeMs: 900_000,
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
  const command = settled([open(0.02, 0.04)]) ?? '';
  assert.equal(command, "npx bench gate --base main --label 'a b=it'\\''s' --blocks 20");
});

test('the farther the estimate lies from the tolerance, the fewer blocks it takes', () => {
  const blocks = [0.04, 0.03, 0.0, -0.02].map((effect) =>
    Number(/--blocks (\d+)/.exec(settled([open(effect, 0.07)], { durationMs: null }) ?? '')?.[1]),
  );
  assert.deepEqual(
    blocks,
    blocks.toSorted((a, b) => b - a),
  );
  assert.equal(blocks[0], 100);
  assert.ok((blocks.at(-1) ?? 0) < 30, String(blocks));
});

test('where it would take longer than allowed, it allows itself as much', () => {
  assert.doesNotMatch(settled([open(0.02, 0.04)]) ?? '', /--max-time/);
  assert.match(settled([open(0.02, 0.04)], { maxTimeMs: 600_000 }) ?? '', / --max-time 15m$/);
});

test('where blocks would be too many, the window is longer too', () => {
  const command = settled([open(0.045, 0.04)]) ?? '';
  assert.match(command, /--duration 8000ms/);
});

test('of two that are open, the one that needs more blocks counts; of what should be higher, the other side of the tolerance', () => {
  const alone = settled([open(0.0, 0.06)]);
  assert.notEqual(settled([open(0.0, 0.06), open(0.03, 0.05)]), alone);
  const falling = open(-0.02, 0.04, { better: 'higher' });
  assert.match(settled([falling]) ?? '', /--blocks (1\d|2\d)$/);
});
