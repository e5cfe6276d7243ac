import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from './metrics.ts';
import { Run } from './result.ts';

/** True where a path leads to a number in the JSON schema of a run, through objects that may be null. */
function leadsToNumber(schema: unknown, keys: readonly string[]): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) {
    return schema.anyOf.some((part) => leadsToNumber(part, keys));
  }
  if (keys.length === 0) return 'type' in schema && (schema.type === 'number' || schema.type === 'integer');
  if (!('properties' in schema) || typeof schema.properties !== 'object') return false;
  const properties = new Map(Object.entries(schema.properties ?? {}));
  return leadsToNumber(properties.get(keys[0]), keys.slice(1));
}

test('every metric is a number of the result', () => {
  const missing = METRICS.filter(({ path }) => !leadsToNumber(Run, path.split('.')));
  assert.deepEqual(missing, []);
});

test('paths are unique', () => {
  assert.equal(new Set(METRICS.map(({ path }) => path)).size, METRICS.length);
});

test('what was asked for is neither good nor bad, and every name that has a direction of its own is a metric', () => {
  const by = (better: 'higher' | null) => METRICS.filter((metric) => metric.better === better);
  assert.equal(by('higher').length, 18);
  assert.equal(by(null).length, 30);
  const directions = new Map(METRICS.map(({ path, better }) => [path, better]));
  assert.equal(directions.get('deliveries.perSecond'), 'higher');
  assert.equal(directions.get('latencyUs.delivery.p99'), 'lower');
  assert.equal(directions.get('plan.link.rttMs'), null);
});
