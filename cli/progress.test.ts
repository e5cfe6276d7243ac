import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgressEvent } from '../contract/progress.ts';
import { createProgress } from './progress.ts';
import { testSystem } from './testing/testSystem.ts';

const ESCAPE = '\x1b';

function phase(name: string, elapsedMs: number, totalMs: number | null = 20_000): ProgressEvent {
  const figures = [{ label: 'deliveries', value: 19_998, unit: 'perSecond' }] as const;
  return { kind: 'phase', phase: name, elapsedMs, totalMs, figures };
}

const EVENTS: readonly ProgressEvent[] = [
  { kind: 'run', order: 0, of: 2, stage: 'sse', variant: 'shared', scenario: 'steady' },
  phase('connect', 500, null),
  phase('measure', 1_000),
  phase('measure', 12_000),
  { kind: 'note', text: 'a note' },
];

function drawn(isTTY: boolean, columns = 100): string {
  const system = testSystem([], { isTTY, columns });
  const view = createProgress(system);
  for (const event of EVENTS) view.listen(event);
  view.finish();
  return system.err();
}

test('without a terminal: one plain line per phase, with its last figures', () => {
  const lines = drawn(false).split('\n');
  assert.equal(lines.length, 5);
  assert.equal(lines[0], 'Run 1 of 2: sse:shared, steady');
  assert.match(lines[1], /connect +0\.5 s/);
  assert.match(lines[2], /measure +12\.0 s {2}19,998 deliveries\/s$/);
  assert.equal(lines[3], 'a note');
  assert.equal(
    lines.some((line) => line.includes(ESCAPE) || line.includes('\r')),
    false,
  );
});

test('on a terminal: the line of a phase is rewritten, with the time that is left', () => {
  const text = drawn(true);
  assert.equal(text.split('\n').length, 5);
  assert.match(text, /measure +12\.0 s {2}19,998 deliveries\/s {2}8 s left/);
  assert.equal(text.split(`\r${ESCAPE}[2K`).length, 4);
});

test('on a narrow terminal a line does not wrap', () => {
  for (const line of drawn(true, 40)
    .split(/[\n\r]/)
    .filter((one) => one.includes('measure'))) {
    assert.ok(line.replace(`${ESCAPE}[2K`, '').length < 40, line);
  }
});
