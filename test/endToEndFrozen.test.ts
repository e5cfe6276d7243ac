import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Run } from '../contract/result.ts';
import { initHistograms } from '../runners/recorders/histograms.ts';
import { childrenOf, whenGone } from './endToEndBench.ts';
import { LONG, measure } from './frozenMeasure.ts';

/** More messages in the stop than the publisher keeps under way at once. */
const STALL = { stopMs: 600, windowMs: 2_000, gapMs: 2.5 };

function verdictOf({ validity }: Run, code: string): string | undefined {
  return validity.reasons.find((reason) => reason.code === code)?.verdict;
}

/** `T`: stopped by a signal (proc(5)). */
function isStopped(pid: number): boolean {
  try {
    return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false; // It is gone already.
  }
}

before(initHistograms);

describe('a process that stands still in the window', { concurrency: 3 }, () => {
  test('a load worker: the run is invalid, because the generator stood still', async () => {
    const { run } = await measure('worker', STALL);
    assert.equal(verdictOf(run, 'generatorStalled'), 'INVALID');
    assert.equal(run.deliveries?.lost, 0);
  });

  test('the publisher: the run is invalid, because messages went out late, and their latency shows it', async () => {
    const { run, stoppedMs } = await measure('publisher', STALL);
    assert.equal(verdictOf(run, 'sendLag'), 'INVALID');
    const { delivery, sendLag } = run.latencyUs ?? assert.fail('no latency');
    // A tenth of the messages waits longer than this.
    const leastUs = (stoppedMs - 0.1 * STALL.windowMs) * 1_000;
    assert.ok((sendLag.p90 ?? 0) > leastUs * 0.99 && (delivery.p90 ?? 0) > leastUs * 0.99);
  });

  test('the server: its own fault, and the messages that waited for it are told', async () => {
    // So long that a tenth of its latency, within which a publisher is in time, is more than a busy machine adds.
    const { run } = await measure('server', { stopMs: 2_000, windowMs: 3_000, gapMs: 2.5 });
    assert.equal(verdictOf(run, 'publishWait'), 'SUSPECT');
    assert.equal(verdictOf(run, 'sendLag'), undefined);
    assert.ok((run.latencyUs?.sendLag.p99 ?? 0) > 100_000, 'it shows as send lag all the same');
  });
});

function childPids(pid: number): number[] {
  try {
    return childrenOf(pid).map((child) => child.pid);
  } catch {
    return []; // A thread or a child ended between two reads: the next look sees the rest.
  }
}

/** Children of a process, once one of them is stopped. */
async function whenOneStopped(pid: number): Promise<number[]> {
  for (;;) {
    await delay(20);
    const children = childPids(pid);
    if (children.some(isStopped)) return children;
  }
}

describe('a run that ends while a process is stopped leaves none', () => {
  for (const role of ['worker', 'publisher'] as const) {
    test(`an abort: ${role}`, async () => {
      const controller = new AbortController();
      const aborted = assert.rejects(measure(role, LONG, controller.signal), { name: 'AbortError' });
      const children = await whenOneStopped(process.pid);
      controller.abort();
      await aborted;
      await whenGone(children);
    });
  }

  test('a coordinator that is killed', async () => {
    const script = fileURLToPath(new URL('frozenCoordinator.ts', import.meta.url));
    const coordinator = spawn(process.execPath, [script], { stdio: 'ignore' });
    const killed = once(coordinator, 'exit');
    let children: number[] = [];
    try {
      children = await whenOneStopped(coordinator.pid ?? 0);
    } finally {
      coordinator.kill('SIGKILL');
      await killed;
    }
    await whenGone(children);
  });
});
