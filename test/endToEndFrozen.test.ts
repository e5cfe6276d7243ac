import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Freeze } from '../contract/knownAnswer.ts';
import type { Run } from '../contract/result.ts';
import { initHistograms } from '../runners/recorders/histograms.ts';
import { Bench } from '../runners/selftest/bench.ts';
import { measureFrozen } from '../runners/selftest/frozenRun.ts';
import { childrenOf, whenGone } from './endToEndBench.ts';

/** What a busy machine may add; which of them is there because of the stop is what is tested. */
const OF_THE_HOST = ['sendLag', 'generatorStalled', 'generatorStarved', 'runDelay', 'othersBusy', 'steal'];
/** More messages in the stop than the publisher keeps under way at once. */
const STALL = { stopMs: 600, windowMs: 2_000, gapMs: 2.5 };

function benchOf(signal: AbortSignal): Bench {
  return new Bench({ quick: true, seed: 1, progress: () => {}, signal });
}

function measure(role: Freeze['role'], signal: AbortSignal, stall = STALL) {
  return measureFrozen(benchOf(signal), role, stall, {
    stage: 'sse',
    variant: 'shared',
    workload: { connections: 20, rooms: 20, warmupMs: 0 },
    expects: OF_THE_HOST,
  });
}

function verdictOf({ validity }: Run, code: string): string | undefined {
  return validity.reasons.find((reason) => reason.code === code)?.verdict;
}

/** `T`: stopped by a signal (proc(5)). */
function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

before(initHistograms);

describe('a process that stands still in the window', { concurrency: 3 }, () => {
  test('a load worker: the run is invalid, because the generator stood still', async () => {
    const { run, stoppedMs } = await measure('worker', new AbortController().signal);
    assert.equal(verdictOf(run, 'generatorStalled'), 'INVALID');
    assert.ok(stoppedMs >= STALL.stopMs);
    assert.equal(run.deliveries?.lost, 0);
  });

  test('the publisher: the run is invalid, because messages went out late, and their latency shows it', async () => {
    const { run, stoppedMs } = await measure('publisher', new AbortController().signal);
    assert.equal(verdictOf(run, 'sendLag'), 'INVALID');
    const { delivery, sendLag } = run.latencyUs ?? assert.fail('no latency');
    // A tenth of the messages waits longer than this.
    const leastUs = (stoppedMs - 0.1 * STALL.windowMs) * 1_000;
    assert.ok((sendLag.p90 ?? 0) > leastUs * 0.99 && (delivery.p90 ?? 0) > leastUs * 0.99);
  });

  test('the server: its own fault, and the messages that waited for it are told', async () => {
    const { run } = await measure('server', new AbortController().signal);
    assert.equal(verdictOf(run, 'publishWait'), 'SUSPECT');
    assert.equal(verdictOf(run, 'sendLag'), undefined);
    assert.ok((run.latencyUs?.sendLag.p99 ?? 0) > 100_000, 'it shows as send lag all the same');
  });
});

describe('an abort while a process is stopped', () => {
  for (const role of ['worker', 'publisher'] as const) {
    test(`leaves no process: ${role}`, async () => {
      const controller = new AbortController();
      const long = { stopMs: 60_000, windowMs: 2_000, gapMs: 10 };
      const aborted = assert.rejects(measure(role, controller.signal, long), { name: 'AbortError' });
      let children: number[] = [];
      do {
        await delay(20);
        children = childrenOf(process.pid).map(({ pid }) => pid);
      } while (!children.some(isStopped));
      controller.abort();
      await aborted;
      await whenGone(children);
    });
  }
});
