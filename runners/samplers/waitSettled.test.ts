import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HostSample, readHost } from './host.ts';
import { NO_PROC } from './procFixture.ts';
import { type QuietSource, waitForQuietHost } from './waitSettled.ts';

const MIB = 1_048_576;
const never = new AbortController().signal;

/** A host that goes through the given readings, the last one for ever, one interval apart. */
function hostThrough(readings: readonly (readonly [timeWait: number, slabMib: number])[]): QuietSource {
  const base: HostSample = readHost(NO_PROC);
  let nowMs = 0;
  let next = 0;
  return {
    read: () => {
      const [timeWait, slabMib] = readings[Math.min(next++, readings.length - 1)];
      return { ...base, atUs: nowMs * 1000, timeWait, slabBytes: slabMib * MIB };
    },
    pause: (milliseconds) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
  };
}

test('waits for TIME_WAIT to go and slab to stand still', async () => {
  const source = hostThrough([
    [30_000, 900],
    [30_000, 900],
    [1_000, 500],
    [900, 200],
    [800, 199.5],
  ]);
  const outcome = await waitForQuietHost({ intervalMs: 100, looks: 2 }, never, source);
  assert.deepEqual(outcome, { settled: true, waitedMs: 500, timeWait: 800, slabBytes: 199.5 * MIB });
});

test('gives up at the bound, and says so', async () => {
  const outcome = await waitForQuietHost(
    { intervalMs: 100, timeoutMs: 1_000 },
    never,
    hostThrough([[5_000, 1]]),
  );
  assert.deepEqual(outcome, { settled: false, waitedMs: 1_000, timeWait: 5_000, slabBytes: MIB });
});

test('a platform that tells nothing is quiet', async () => {
  const source: QuietSource = { read: () => readHost(NO_PROC), pause: () => Promise.resolve() };
  const outcome = await waitForQuietHost({}, never, source);
  assert.equal(outcome.settled, true);
  assert.equal(outcome.timeWait, null);
});

test('ends at once when aborted', async () => {
  const controller = new AbortController();
  const waiting = waitForQuietHost({ intervalMs: 60_000 }, controller.signal);
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});
