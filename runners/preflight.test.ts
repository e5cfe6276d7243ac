import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preflight } from './preflight.ts';
import { type Check, judge, type PreflightFacts } from './preflightChecks.ts';
import { readHost } from './samplers/host.ts';
import { differenceOf } from './samplers/hostDifference.ts';
import { readLimits } from './samplers/limits.ts';
import { NO_PROC, PROC_FIXTURE } from './samplers/procFixture.ts';

const still = readHost(PROC_FIXTURE);
const GOOD: PreflightFacts = {
  nodeVersion: 'v26.1.0',
  limits: readLimits(PROC_FIXTURE),
  swapUsedBytes: 0,
  load: { ...differenceOf(still, { ...still, atUs: still.atUs + 5e5 }), busyCores: 0.01 },
  governor: 'performance',
  wakeLagUs: 60,
  clock: { beforeUs: 10, childUs: 20, afterUs: 30 },
  hasClinic: true,
};

function check(name: string, facts: Partial<PreflightFacts>): Check {
  const found = judge({ ...GOOD, ...facts }).find((each) => each.name === name);
  assert.ok(found);
  return found;
}

test('a good host passes every check', () => {
  assert.deepEqual(
    judge(GOOD).filter(({ status }) => status !== 'ok'),
    [],
  );
});

const { limits, load } = GOOD;
const bad: readonly [name: string, status: Check['status'], facts: Partial<PreflightFacts>, seen: RegExp][] =
  [
    ['node', 'fail', { nodeVersion: 'v20.19.0' }, /v20/],
    ['open files', 'warn', { limits: { ...limits, openFiles: { soft: 1_024, hard: 4_096 } } }, /^1024 per/],
    ['open files', 'fail', { limits: { ...limits, openFiles: { soft: 64, hard: 64 } } }, /^64 per/],
    ['accept queue', 'warn', { limits: { ...limits, somaxconn: 128 } }, /128/],
    ['ephemeral ports', 'warn', { limits: { ...limits, ephemeralPorts: [50_000, 59_999] } }, /\(10000\)/],
    ['ephemeral ports', 'fail', { limits: { ...limits, ephemeralPorts: [50_000, 50_009] } }, /\(10\)/],
    ['memory', 'warn', { limits: { ...limits, memAvailableBytes: 600 * 1_048_576 } }, /^600 of 24106 MiB/],
    ['memory', 'fail', { limits: { ...limits, memAvailableBytes: 1e8 } }, /^95 of/],
    ['swap', 'warn', { load: { ...load, swapInPages: 3, swapOutPages: 4 } }, /7 pages moved in 0.5 s/],
    ['load of others', 'warn', { load: { ...load, busyCores: 0.5 } }, /50 % of one core/],
    ['cpu pressure', 'warn', { load: { ...load, cpuPressureShare: 0.3 } }, /30 % of the time/],
    ['cpu governor', 'warn', { governor: 'powersave' }, /powersave/],
    ['timer', 'warn', { wakeLagUs: 15_600 }, /15600 µs late/],
    ['clock', 'fail', { clock: { beforeUs: 10, childUs: 5, afterUs: 30 } }, /a child read 5 us/],
    ['clock', 'fail', { clock: { beforeUs: 10, childUs: Number.NaN, afterUs: 30 } }, /NaN/],
    ['clinic', 'ok', { hasClinic: false }, /not installed/],
  ];

for (const [name, status, facts, seen] of bad) {
  test(`${name}: ${status} for ${seen.source}`, () => {
    const found = check(name, facts);
    assert.equal(found.status, status);
    assert.match(found.seen, seen);
    assert.ok(found.advice.length > 20);
  });
}

test('looks at this host', async () => {
  const checks = await preflight({ lookMs: 50 });
  assert.equal(checks.find(({ name }) => name === 'clock')?.status, 'ok');
  assert.equal(checks.find(({ name }) => name === 'node')?.status, 'ok');
  assert.equal(new Set(checks.map(({ name }) => name)).size, checks.length);
});

test('what a platform does not tell is no fault', async () => {
  const checks = await preflight({ lookMs: 1, procRoot: NO_PROC, sysRoot: NO_PROC });
  const unknown = checks.filter(({ seen }) => seen === 'not told by this system');
  assert.deepEqual(
    unknown.map(({ name, status }) => [name, status]),
    ['accept queue', 'ephemeral ports', 'swap', 'load of others', 'cpu pressure', 'cpu governor'].map(
      (name) => [name, 'ok'],
    ),
  );
});
