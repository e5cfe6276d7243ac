import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROLE_FLAGS, RoleClient } from '../roleClient.ts';
import { ClocksDiffer, checkClocks, looserOf } from './checkClocks.ts';
import { type SandwichOptions, sandwich } from './sandwich.ts';
import { skewedFlags } from './skewedFlags.ts';

const OPTIONS: SandwichOptions = { rounds: 3, maxRounds: 10, tightUs: 50, budgetUs: 1_000_000 };

/** Another process whose clock is ahead by `offsetUs`; each round trip takes the next two times of the list. */
function exchange(offsetUs: number, trips: readonly (readonly [number, number])[]) {
  let nowUs = 0;
  let asked = 0;
  return {
    now: () => nowUs,
    ask: async () => {
      const [there, back] = trips[Math.min(asked++, trips.length - 1)];
      nowUs += there;
      const answer = nowUs + offsetUs;
      nowUs += back;
      return answer;
    },
    asked: () => asked,
  };
}

test('the offset lies between the bounds, however unequal the two ways', async () => {
  for (const offsetUs of [0, 5_000, -5_000]) {
    const { ask, now } = exchange(offsetUs, [
      [900, 20],
      [10, 400],
      [100, 100],
    ]);
    const bounds = await sandwich(ask, OPTIONS, now);
    // The quickest way there and the quickest way back, of whichever rounds.
    assert.deepEqual(bounds, { lowUs: offsetUs - 20, highUs: offsetUs + 10 });
  }
});

test('rounds go on until the bounds are tight, up to a limit of rounds and of time', async () => {
  const quick = exchange(0, [[20, 20]]);
  await sandwich(quick.ask, OPTIONS, quick.now);
  assert.equal(quick.asked(), 3);
  const late = exchange(0, [...Array(4).fill([300, 300]), [20, 20]]);
  await sandwich(late.ask, OPTIONS, late.now);
  assert.equal(late.asked(), 5);
  const never = exchange(0, [[300, 300]]);
  await sandwich(never.ask, OPTIONS, never.now);
  assert.equal(never.asked(), 10);
  const busy = exchange(0, [[600_000, 600_000]]);
  await sandwich(busy.ask, OPTIONS, busy.now);
  assert.equal(busy.asked(), 2);
  const starting = exchange(0, [
    [9_000_000, 20],
    [20, 20],
  ]);
  assert.deepEqual(await sandwich(starting.ask, OPTIONS, starting.now), { lowUs: -20, highUs: 20 });
});

test('the looser of two checks holds', () => {
  const first = { processes: 3, uncertaintyUs: 40 };
  assert.deepEqual(looserOf(null, first), first);
  assert.deepEqual(looserOf(first, { processes: 4, uncertaintyUs: 30 }), { processes: 4, uncertaintyUs: 40 });
});

test('the clock of a role process is this one, and one that is off by 5 ms is told', async () => {
  const worker = new RoleClient('worker', 0, 'loadWorker');
  const ahead = new RoleClient('worker', 1, 'loadWorker', [...ROLE_FLAGS, ...skewedFlags(5_000)]);
  const behind = new RoleClient('publisher', 2, 'publisher', [...ROLE_FLAGS, ...skewedFlags(-5_000)]);
  try {
    const { processes, uncertaintyUs } = await checkClocks([worker]);
    assert.equal(processes, 1);
    assert.ok(uncertaintyUs > 0, `${uncertaintyUs}`);
    await assert.rejects(checkClocks([worker, ahead]), (error) => {
      assert.ok(error instanceof ClocksDiffer);
      assert.match(error.message, /^The clock of worker 1 \(process \d+\) is \d(\.\d)? ms ahead of/);
      assert.match(error.hint, /one monotonic clock/);
      return true;
    });
    await assert.rejects(checkClocks([behind]), /publisher 2 .* ms behind the coordinator's/);
  } finally {
    await Promise.all([worker.stop(), ahead.stop(), behind.stop()]);
  }
});
