import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fault } from '../contract/errors.ts';
import { NO_DECISION } from '../reports/adr/decision.ts';
import { readConfig } from './readConfig.ts';
import { readDecision } from './readDecision.ts';

function faultsOf(value: unknown): string[] {
  const faults: Fault[] = [];
  readDecision(value, faults);
  return faults.map(({ key, expected }) => `${key}: ${expected}`);
}

test('nothing given is nothing decided', () => {
  const faults: Fault[] = [];
  assert.deepEqual(readDecision(undefined, faults), NO_DECISION);
  assert.deepEqual(faults, []);
});

test('numbers may carry their unit, and names may carry their variant', () => {
  const faults: Fault[] = [];
  const decision = readDecision(
    {
      traffic: { users: '1m', peakShare: 0.1, messagesPerSecond: '2k', fanOut: '500', payloadBytes: '1KB' },
      weights: { latency: 2, cost: 1 },
      operability: { sse: { score: 8, why: 'plain HTTP' }, 'ws:prepared': { score: 6, why: 'upgrades' } },
      migration: { from: 'poll', personDays: { sse: 15 }, ratePerDay: 800 },
      node: { cores: 8, memoryGiB: 32, gbitPerSecond: 2.5, usableShare: 0.5, reconnectWithin: '1m' },
    },
    faults,
  );
  assert.deepEqual(faults, []);
  assert.equal(decision.traffic.users, 1_000_000);
  assert.equal(decision.traffic.payloadBytes, 1_024);
  assert.deepEqual(decision.weights, { latency: 2, memory: 0, cost: 1, operability: 0 });
  assert.equal(decision.operability.get('ws:prepared')?.score, 6);
  assert.equal(decision.migration.personDays.get('sse'), 15);
  assert.equal(decision.node.reconnectWithinMs, 60_000);
});

for (const [what, value, pattern] of [
  ['an unknown key', { trafic: {} }, /decision\.trafic: no such key.*did you mean "traffic"/],
  ['no weight above 0', { weights: { latency: 0 } }, /weights: at least one weight above 0/],
  ['a weight below 0', { weights: { latency: -1, cost: 1 } }, /weights\.latency: a number from 0/],
  [
    'users beside connections',
    { traffic: { users: 5, connections: 5 } },
    /connections: not given beside users/,
  ],
  ['a share of nobody', { traffic: { peakShare: 0.5 } }, /peakShare: a share of users/],
  ['a share above 1', { traffic: { users: 5, peakShare: 1.5 } }, /peakShare: a number above 0, up to 1/],
  [
    'more receivers than clients',
    { traffic: { connections: 5, fanOut: 6 } },
    /fanOut: at most the 5 connections/,
  ],
  ['a stage that is none', { migration: { from: 'wss' } }, /migration\.from: a stage .*did you mean "ws"/],
  ['days of a stage that is none', { migration: { personDays: { rest: 5 } } }, /personDays\.rest: a stage/],
  ['a judgement without a reason', { operability: { sse: { score: 5 } } }, /sse\.why: your reason/],
  ['a judgement without a score', { operability: { sse: { why: 'easy' } } }, /sse\.score: a number from 0/],
  [
    'a score above 10',
    { operability: { sse: { score: 11, why: 'x' } } },
    /sse\.score: a number from 0 to 10/,
  ],
  ['a node without reserve', { node: { usableShare: 1 } }, /usableShare: a number above 0, up to 0\.95/],
  [
    'a time without its unit',
    { node: { reconnectWithin: '30' } },
    /reconnectWithin: a time .* with its unit/,
  ],
  ['a list', [], /config\.decision: an object/],
] as const) {
  test(`${what} is refused`, () => {
    const faults = faultsOf(value);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', pattern);
  });
}

test('the example of docs/adr.md and the config of the sample are taken as they stand', async () => {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'adr.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const script = code.replace(/^import .*$/m, 'const defineConfig = (config) => config;');
  const documented: { default: unknown } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  const sample = await import('../docs/sample/adr.config.ts');
  for (const { default: content } of [documented, sample]) {
    const faults: Fault[] = [];
    const { decision } = readConfig(content, faults);
    assert.deepEqual(faults, []);
    assert.equal(decision.migration.from, 'poll');
    assert.ok(decision.operability.size > 1);
  }
});

test('all faults are told at once', () => {
  assert.equal(faultsOf({ weights: { speed: 1 }, node: { cores: 0 }, extra: 1 }).length, 4);
  // What could not be read is not told a second time.
  assert.equal(faultsOf({ weights: { latency: -1 } }).length, 1);
});
