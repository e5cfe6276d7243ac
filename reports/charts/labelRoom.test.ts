import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plotWidthBeside, rowLabelWidth, textWidth } from './labelRoom.ts';
import { AXIS_WIDTH, PAGE_WIDTH, PLOT_WIDTH } from './theme.ts';

const LONG = 'grpc:server-stream x100 mtls-jwt clients';

test('a plot gives way to long labels at its right, and to short ones not at all', () => {
  assert.equal(plotWidthBeside(['ws:send']), PLOT_WIDTH);
  assert.equal(plotWidthBeside([]), PLOT_WIDTH);
  const width = plotWidthBeside(['ws:send', LONG]);
  assert.ok(width < PLOT_WIDTH);
  assert.ok(AXIS_WIDTH + width + textWidth(LONG) <= PAGE_WIDTH);
});

test('however long a label is, half of a plot remains', () => {
  assert.equal(plotWidthBeside(['x'.repeat(200)]), PLOT_WIDTH / 2);
  assert.equal(rowLabelWidth(['x'.repeat(200)], 100), 0.4 * PAGE_WIDTH);
});

test('labels of rows have at least the room that a chart asks for', () => {
  assert.equal(rowLabelWidth(['ws'], 170), 170);
  assert.ok(rowLabelWidth([LONG], 170) >= textWidth(LONG));
});
