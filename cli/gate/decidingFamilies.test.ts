import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_TOLERANCES } from '../../reports/gate/gateMetrics.ts';
import { resolve } from '../testing/resolving.ts';
import { decidingFamilies } from './decidingFamilies.ts';

const P99 = 'latencyUs.delivery.p99';
const byPath = DEFAULT_TOLERANCES;
const familiesWith = (flags: Record<string, string>, asked: readonly string[] = []) =>
  decidingFamilies({ byPath, asked: new Set(asked) }, resolve({ config: { scenario: 'gate' }, flags }));

test('by default all families decide, latency only with messages enough for a p99', () => {
  assert.deepEqual(familiesWith({}).sort(), ['deliveries', 'latency', 'memory', 'throughput']);
  assert.ok(!familiesWith({ rate: '100', duration: '1s' }).includes('latency'));
  assert.ok(familiesWith({ rate: '100', duration: '1s' }, [P99]).includes('latency'));
});

test('losses and bytes alone need nothing of throughput, a threshold does of its own family', () => {
  const few = { byPath: new Map([['deliveries.lost', 0]]), asked: new Set<string>() };
  const settings = (thresholds: string[]) => resolve({ config: { scenario: 'gate', thresholds } });
  assert.deepEqual(decidingFamilies(few, settings([])), ['deliveries']);
  const bytes = { byPath: new Map([['wire.bytesPerDelivery', 0.01]]), asked: new Set<string>() };
  assert.deepEqual(decidingFamilies(bytes, settings([])), ['deliveries']);
  assert.deepEqual(decidingFamilies(few, settings(['cpu.server.usPerDelivery < 1ms'])), [
    'deliveries',
    'throughput',
  ]);
});
