import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initHistograms } from '../recorders/histograms.ts';
import { Outages } from './outages.ts';

before(initHistograms);

test('an outage lasts from the loss of a connection until it is back', () => {
  const outages = new Outages(3);
  outages.lost(0, 1_000);
  outages.lost(2, 1_000);
  assert.equal(outages.allBackUs, null);
  outages.back(2, 4_000);
  assert.equal(outages.allBackUs, null, 'one is still away');
  outages.back(0, 9_000);
  assert.equal(outages.allBackUs, 9_000);
  assert.equal(outages.away.totalCount, 2);
  assert.equal(outages.away.maxValue, 8_000);
  outages.destroy();
});

test('lost twice before it is back counts from the first loss, and a connection that was never lost is not back', () => {
  const outages = new Outages(2);
  outages.lost(0, 1_000);
  outages.lost(0, 3_000);
  outages.back(1, 3_500);
  outages.back(0, 5_000);
  assert.equal(outages.away.totalCount, 1);
  assert.equal(outages.away.maxValue, 4_000);
  outages.destroy();
});
