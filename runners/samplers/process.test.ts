import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pageBytes, readPageBytes } from './pageBytes.ts';
import { readProcessAnywhere } from './portableProcess.ts';
import { type ProcessSample, readProcess, readPss, readStartTicks } from './process.ts';
import { processDifferenceOf } from './processDifference.ts';
import { NO_PROC, ON_LINUX, PROC_FIXTURE } from './procFixture.ts';

function own(): ProcessSample {
  const sample = readProcess(process.pid);
  assert.ok(sample);
  return sample;
}

function burnCpu(milliseconds: number): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user + system > milliseconds * 1000) return;
  }
}

test('parses a process whose name holds spaces and parentheses', () => {
  const sample = readProcess(4242, PROC_FIXTURE);
  assert.deepEqual(
    { ...sample, atUs: 0, openFiles: 0 },
    {
      pid: 4242,
      atUs: 0,
      rssBytes: 413 * pageBytes(),
      cpuUserUs: 2_500_000,
      cpuSystemUs: 1_300_000,
      cpuTotalUs: 3_900_500,
      runDelayUs: 42_000,
      runSlices: 400,
      syscalls: 1630,
      openFiles: 0,
      threads: 7,
      state: 'S',
      startTicks: 92_028,
    },
  );
  assert.equal(readPss(4242, PROC_FIXTURE), 420 * 1024);
  assert.equal(readStartTicks(4242, PROC_FIXTURE), 92_028);
  assert.equal(readPageBytes(PROC_FIXTURE), 16_384);
});

test('says null where there is no process, or no /proc', () => {
  assert.equal(readProcess(4243, PROC_FIXTURE), null);
  assert.equal(readProcess(process.pid, NO_PROC), null);
  assert.equal(readPss(process.pid, NO_PROC), null);
  assert.equal(readStartTicks(process.pid, NO_PROC), null);
  assert.equal(readPageBytes(NO_PROC), null);
});

test('reads RSS through the tools of the system where there is no /proc', async () => {
  const sample = await readProcessAnywhere(process.pid, NO_PROC);
  assert.ok(sample?.rssBytes && sample.rssBytes > 10_000_000);
  assert.equal(sample.runDelayUs, null);
  assert.equal(await readProcessAnywhere(2 ** 22 + 1, NO_PROC), null);
});

test('reads this process: memory, CPU, threads', ON_LINUX, () => {
  const before = own();
  burnCpu(50);
  const after = own();
  const { rss } = process.memoryUsage();
  assert.ok(after.rssBytes && Math.abs(after.rssBytes - rss) < rss * 0.2);
  const { cpuUs, cpuUserUs, cpuSystemUs } = processDifferenceOf(before, after);
  assert.ok(cpuUs !== null && cpuUs >= 45_000, `${cpuUs} us`);
  assert.ok(cpuUserUs === null || Math.abs(cpuUserUs + (cpuSystemUs ?? 0) - cpuUs) < 1);
  assert.ok(after.threads && after.threads > 1);
  const pss = readPss(process.pid);
  assert.ok(pss && pss > 10_000_000 && pss < after.rssBytes * 1.2);
});

test('counts system calls and open files of this process', ON_LINUX, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const before = own();
  const files = Array.from({ length: 7 }, (_, i) => openSync(join(folder, String(i)), 'w'));
  const opened = own();
  for (let i = 0; i < 1_000; i++) writeSync(files[0], 'x');
  const written = own();
  for (const file of files) closeSync(file);
  assert.equal((opened.openFiles ?? 0) - (before.openFiles ?? 0), 7);
  const calls = processDifferenceOf(opened, written).syscalls ?? 0;
  assert.ok(calls >= 1_000 && calls < 1_200, `${calls} calls`);
});

test('knows when a process began, and that it ended', ON_LINUX, async () => {
  const child = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], { stdio: 'pipe' });
  assert.ok(child.pid);
  const start = readStartTicks(child.pid);
  assert.ok(start !== null && start >= (readStartTicks(process.pid) ?? Number.POSITIVE_INFINITY));
  child.stdin.end();
  await once(child, 'close');
  assert.equal(readProcess(child.pid), null);
  assert.equal(readStartTicks(child.pid), null);
});

test('difference says null for what either side does not know', () => {
  const sample = readProcess(4242, PROC_FIXTURE);
  assert.ok(sample);
  const later = { ...sample, atUs: sample.atUs + 2e6, cpuTotalUs: null, runSlices: sample.runSlices };
  const difference = processDifferenceOf(sample, { ...later, cpuUserUs: 3_500_000, cpuSystemUs: 2_300_000 });
  assert.equal(difference.seconds, 2);
  assert.equal(difference.cpuUs, 2_000_000);
  assert.equal(difference.cpuUserUs, 1_000_000);
  assert.equal(difference.runDelayPerSliceUs, null);
});
