import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Calibrate, DEFAULT_ACCESS, type Settings } from '../../contract/config.ts';
import type { KeptCeiling } from '../../contract/resultTrust.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { ownVersion } from '../ownVersion.ts';
import { planRuns, type RunPlan } from '../plan.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { readHostFacts } from '../samplers/hostFacts.ts';
import { readLimits } from '../samplers/limits.ts';
import { CeilingCache, originOf } from './ceilingCache.ts';
import { findCeilings, keptOf, missingCeilings } from './findCeilings.ts';

const HOST = readHostFacts();
const MEASURED = {
  deliveriesPerSecond: 100_000,
  generatorUsPerDelivery: 6,
  serverUsPerDelivery: 7,
  generatorSyscallsPerDelivery: 1,
  connections: 2_000,
  occupiedShare: 0.98,
  othersCores: 0.1,
  ledger: { expected: 8, received: 8, lost: 0, duplicated: 0, reordered: 0, exact: true },
};
const KEY = { protocol: 'sse', payloadBytes: 256, streamsPerConnection: 1 } as const;

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'pushbench-ceilings-'));
});
after(() => rm(root, { recursive: true, force: true }));

function plans(stages: Settings['stages'], scenario = 'steady'): RunPlan[] {
  const found = findScenario(scenario);
  assert.ok(found);
  return planRuns(
    {
      ...DEFAULT_ACCESS,
      stages,
      scenario: found,
      target: null,
      runs: 1,
      seed: 1,
      labels: {},
      cost: null,
      buses: {},
      sweep: null,
    },
    readLimits(),
  );
}

const SSE = { stage: 'sse', variant: 'raw' };
const SHARED = { stage: 'sse', variant: 'shared' };
const WS = { stage: 'ws', variant: 'send' };

function find(of: readonly RunPlan[], calibrate: Calibrate, cache: CeilingCache) {
  const { signal } = new AbortController();
  return findCeilings(of, { calibrate, host: HOST, progress: () => {}, signal }, cache);
}

async function cacheWith(kept: readonly KeptCeiling[]): Promise<CeilingCache> {
  const cache = new CeilingCache(await mkdtemp(join(root, 'cache-')));
  for (const ceiling of kept) await cache.keep(originOf(HOST, ownVersion()), ceiling);
  return cache;
}

test('what this host has measured before is taken, for every variant of the protocol', async () => {
  const kept = keptOf(KEY, MEASURED, 2);
  const cache = await cacheWith([kept]);
  const both = plans([SSE, SHARED]);
  for (const calibrate of ['auto', 'never'] as const) {
    const found = await find(both, calibrate, cache);
    assert.equal(found.measured, 0);
    for (const plan of both) assert.deepEqual(found.of(plan), { ceiling: kept });
  }
});

test('never measures nothing, and says so', async () => {
  const [plan] = plans([WS]);
  const found = await find([plan], 'never', await cacheWith([keptOf(KEY, MEASURED, 2)]));
  assert.equal(found.measured, 0);
  const known = found.of(plan);
  assert.equal(known.ceiling, null);
  assert.match(known.ceiling === null ? (known.why ?? '') : '', /--calibrate never/);
});

test('a run that puts no load on anything asks for nothing', async () => {
  const [idle] = plans([SSE], 'idle');
  const cache = await cacheWith([]);
  const found = await find([idle], 'auto', cache);
  assert.equal(found.measured, 0);
  assert.deepEqual(found.of(idle), { ceiling: null, why: null });
  assert.deepEqual(await missingCeilings([idle], 'again', HOST, cache), []);
});

test('the plan names what is not known yet, once for each protocol', async () => {
  const cache = await cacheWith([keptOf(KEY, MEASURED, 2)]);
  const all = plans([SSE, SHARED, WS]);
  assert.deepEqual(await missingCeilings(all, 'auto', HOST, cache), ['ws, 256 bytes']);
  assert.deepEqual(await missingCeilings(all, 'again', HOST, cache), ['sse, 256 bytes', 'ws, 256 bytes']);
  assert.deepEqual(await missingCeilings(all, 'never', HOST, cache), []);
});

test('a measurement that comes to nothing leaves the run its reason, and one that was interrupted is the last', async () => {
  await initHistograms();
  const both = plans([WS, SSE]);
  const interrupting = new AbortController();
  const found = await findCeilings(
    both,
    // The first thing that is told is that a measurement begins.
    { calibrate: 'again', host: HOST, progress: () => interrupting.abort(), signal: interrupting.signal },
    await cacheWith([]),
  );
  assert.equal(found.measured, 1);
  const known = found.of(both[0]);
  assert.match(known.ceiling === null ? (known.why ?? '') : '', /^it could not be measured: /);
});

test('a figure that is too low, or whose ledger is not exact, is none', () => {
  assert.equal(keptOf(KEY, { ...MEASURED, othersCores: 0.4 }, 2).deliveriesPerSecond, 100_000);
  assert.throws(
    () => keptOf(KEY, { ...MEASURED, othersCores: 0.41 }, 2),
    /other work on the host took 0.41 of 2 cores/,
  );
  assert.doesNotThrow(() => keptOf(KEY, { ...MEASURED, occupiedShare: 0.8 }, 2));
  assert.doesNotThrow(() => keptOf(KEY, { ...MEASURED, occupiedShare: null }, 2));
  assert.throws(
    () => keptOf(KEY, { ...MEASURED, occupiedShare: 0.79 }, 2),
    /the load worker waited for messages for 21 % of the time/,
  );
  for (const wrong of [{ lost: 1 }, { duplicated: 1 }, { reordered: 1 }, { exact: false }]) {
    const ledger = { ...MEASURED.ledger, ...wrong };
    assert.throws(() => keptOf(KEY, { ...MEASURED, ledger }, 2), JSON.stringify(wrong));
  }
});
