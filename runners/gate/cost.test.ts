import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gate } from '../../scenarios/gate.ts';
import { idle } from '../../scenarios/idle.ts';
import { durationText, gateRunMs, LEAST_BLOCKS, minutesText, RUNS_OF_BLOCK, whatFits } from './cost.ts';

const blocksMs = (scenario: typeof gate, blocks: number): number =>
  blocks * RUNS_OF_BLOCK * gateRunMs(scenario);

test('a run takes as long as its window and warm-up, and what is around them', () => {
  const longer = gateRunMs({ ...gate, durationMs: gate.durationMs + 3_000, warmupMs: gate.warmupMs + 500 });
  assert.equal(longer - gateRunMs(gate), 3_500);
  assert.equal(gateRunMs({ ...idle, durationMs: 60_000 }), gateRunMs({ ...idle, durationMs: 1_000 }));
});

test('where fewer blocks fit, they are named, and they do fit', () => {
  const timeMs = blocksMs(gate, 9) + 1;
  assert.equal(whatFits(gate, timeMs), '--blocks 9');
});

test('where the least number does not fit, a window is named with which it does', () => {
  const timeMs = blocksMs(gate, LEAST_BLOCKS) - 20_000;
  const words = /^--blocks 6 --duration (\d+ms|\ds)$/.exec(whatFits(gate, timeMs) ?? '');
  const durationMs = Number.parseInt(words?.[1] ?? '', 10) * (words?.[1].endsWith('ms') ? 1 : 1_000);
  assert.ok(durationMs >= 1_000 && durationMs < gate.durationMs, String(words));
  assert.ok(blocksMs({ ...gate, durationMs }, LEAST_BLOCKS) <= timeMs);
});

test('a long window is named in whole seconds', () => {
  assert.match(whatFits({ ...gate, durationMs: 60_000 }, 900_000) ?? '', /^--blocks 6 --duration \d\ds$/);
});

test('where no window that an option takes would fit, nothing is named', () => {
  assert.equal(whatFits(gate, 20_000), null);
  assert.equal(whatFits(idle, 20_000), null);
});

test('times are told as a person says them', () => {
  assert.deepEqual([53_400, 252_000, 1_500_000].map(minutesText), ['53 s', '4.2 min', '25 min']);
});

test('options are written as a person writes them', () => {
  assert.deepEqual([2_000, 1_500, 120_000, 7_200_000, 5_400_000].map(durationText), [
    '2s',
    '1500ms',
    '2m',
    '2h',
    '90m',
  ]);
});
