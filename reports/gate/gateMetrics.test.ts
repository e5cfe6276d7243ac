import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../contract/metrics.ts';
import { DEFAULT_TOLERANCES, gateMetric, INFORMING } from './gateMetrics.ts';

test('what informs can be compared, and is not told twice', () => {
  for (const path of INFORMING) {
    assert.ok(gateMetric(path), path);
    assert.ok(!DEFAULT_TOLERANCES.has(path), path);
  }
  assert.equal(new Set(INFORMING).size, INFORMING.length);
});

test('a gate can be set on every metric that has a better side, and on nothing else', () => {
  for (const { path, better } of METRICS) assert.equal(gateMetric(path) !== null, better !== null, path);
  assert.equal(gateMetric('latencyUs.delivery.p98'), null);
});

test('events are counted, and what is measured is taken in shares', () => {
  const scales = [
    ['deliveries.lost', 'count'],
    ['deliveries.reordered', 'count'],
    ['connections.failed', 'count'],
    ['handles.perConnection', 'share'],
    ['handles.timersPerConnection', 'share'],
    ['memory.server.rssPerConnectionBytes', 'share'],
    ['polling.bytesPerEmptyPoll', 'share'],
    ['io.server.syscallsPerDelivery', 'share'],
  ] as const;
  for (const [path, scale] of scales) assert.equal(gateMetric(path)?.scale, scale, path);
});
