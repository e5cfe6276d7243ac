import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sampleRun } from '../../reports/testing/sampleRun.ts';
import { samplePolling } from '../../reports/testing/sampleScenarios.ts';
import { NO_CEILING } from '../ceiling/findCeilings.ts';
import { generatorCeilingFigures, missingGeneratorCeiling } from './generatorCeilingFigures.ts';

const { deliveries, generatorCeiling } = sampleRun();
const { offeredPerSecond: _, loadShare: __, ...KEPT } = generatorCeiling!;
const CEILING = { ...KEPT, deliveriesPerSecond: 200_000 };

function figures(over: Partial<Pick<Run, 'deliveries' | 'polling'>>) {
  return generatorCeilingFigures({ ceiling: CEILING }, { deliveries, polling: null, ...over });
}

test('the load is what was offered, not what arrived', () => {
  const offered = { ...deliveries!, offeredPerSecond: 50_000, perSecond: 10_000 };
  assert.deepEqual(figures({ deliveries: offered }), {
    ...CEILING,
    offeredPerSecond: 50_000,
    loadShare: 0.25,
  });
});

test('where clients poll on an interval their polls are the load; held polls bring deliveries', () => {
  const polls = { ...samplePolling({}), sentPerSecond: 20_000 };
  assert.equal(figures({ polling: { ...polls, intervalMs: 250 } })?.loadShare, 0.1);
  const offered = { ...deliveries!, offeredPerSecond: 50_000 };
  assert.equal(figures({ deliveries: offered, polling: { ...polls, intervalMs: 0 } })?.loadShare, 0.25);
});

test('without a window there is a ceiling and no share of it', () => {
  const known = figures({ deliveries: null });
  assert.equal(known?.deliveriesPerSecond, 200_000);
  assert.equal(known?.loadShare, null);
});

test('why there is no ceiling is told where a run put a load on a server', () => {
  assert.deepEqual(missingGeneratorCeiling({ ceiling: CEILING }), []);
  assert.deepEqual(missingGeneratorCeiling(NO_CEILING), []);
  const [missing] = missingGeneratorCeiling({ ceiling: null, why: 'nobody looked' });
  assert.equal(missing.why, 'nobody looked');
  assert.equal(generatorCeilingFigures(NO_CEILING, { deliveries, polling: null }), null);
});
