import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { Disturbed, disturbancesOf, unlessDisturbed } from './disturbances.ts';
import { exactly } from './rows.ts';

function runWith(...codes: readonly string[]): Pick<Run, 'validity'> {
  const reasons = codes.map((code) => ({
    code,
    verdict: 'SUSPECT' as const,
    families: [],
    message: code,
    advice: '',
    figure: 1,
    bound: 0,
    unit: 'count',
  }));
  return { validity: { verdict: codes.length === 0 ? 'VALID' : 'SUSPECT', reasons } };
}

const HELD = [exactly('a claim', 1, 1)];
const FAILED = [exactly('a claim', 1, 1), exactly('another', 1, 2)];

test('only reasons that the host brings about, and the case did not ask for, disturb it', () => {
  const run = runWith('othersBusy', 'drainBound', 'sendLag', 'probeDisagrees');
  assert.deepEqual(disturbancesOf(run, ['sendLag']), ['othersBusy']);
  assert.deepEqual(disturbancesOf(run, []), ['othersBusy', 'sendLag']);
});

test('what holds on a disturbed host is shown', () => {
  assert.equal(unlessDisturbed(HELD, [runWith('othersBusy')]), HELD);
});

test('what fails on a disturbed host shows nothing, and each reason is told once', () => {
  const runs = [runWith('othersBusy'), runWith('othersBusy', 'sendLag'), runWith('notSteady')];
  assert.throws(
    () => unlessDisturbed(FAILED, runs),
    (error) => error instanceof Disturbed && error.reasons.join() === 'othersBusy,sendLag',
  );
});

test('what fails on a quiet host has failed', () => {
  assert.equal(unlessDisturbed(FAILED, [runWith('notSteady')]), FAILED);
});
