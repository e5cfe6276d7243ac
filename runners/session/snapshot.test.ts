import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessSample } from '../samplers/process.ts';
import { hasLost, NO_PIDS, roleDifference, type Snapshot, takeSnapshot } from './snapshot.ts';

test('a process that is gone makes the counters of its role half a sum, and of no other', () => {
  const before = takeSnapshot({ ...NO_PIDS, server: [process.pid], worker: [process.pid] });
  const after = takeSnapshot({ ...NO_PIDS, worker: [process.pid] });
  assert.equal(hasLost(before, after, ['server']), true);
  assert.equal(hasLost(before, after, ['worker', 'server']), true);
  assert.equal(hasLost(before, after, ['worker']), false);
  assert.equal(hasLost(after, before, ['server']), false);
});

const IDLE: ProcessSample = {
  pid: 1,
  atUs: 0,
  rssBytes: 1_000_000,
  cpuUserUs: 40_000,
  cpuSystemUs: 20_000,
  cpuTotalUs: 61_000,
  runDelayUs: 500,
  runSlices: 10,
  syscalls: 7,
  openFiles: 3,
  threads: 1,
  state: 'S',
  startTicks: 5,
};

/** A second of servers. */
function second(early: readonly ProcessSample[], late: readonly ProcessSample[]): [Snapshot, Snapshot] {
  const empty = takeSnapshot(NO_PIDS);
  const at = (atUs: number, server: readonly ProcessSample[]): Snapshot => ({
    ...empty,
    atUs,
    roles: { ...empty.roles, server },
  });
  return [at(0, early), at(1_000_000, late)];
}

test('a process that came in the window counts from its birth on', () => {
  const born = { ...IDLE, pid: 2, cpuUserUs: 30_000, cpuSystemUs: 10_000, cpuTotalUs: 42_000, syscalls: 12 };
  const difference = roleDifference(...second([IDLE], [IDLE, born]), ['server']);
  assert.equal(difference.cpuUs, 42_000);
  assert.equal(difference.syscalls, 12);
});

test('user and system time of a role are told though one of its processes idles', () => {
  const busy = { ...IDLE, pid: 2 };
  const later = { ...busy, cpuUserUs: 340_000, cpuSystemUs: 120_000, cpuTotalUs: 461_000 };
  const difference = roleDifference(...second([IDLE, busy], [IDLE, later]), ['server']);
  assert.equal(difference.cpuUs, 400_000);
  assert.equal(difference.cpuUserUs, 300_000);
  assert.equal(difference.cpuSystemUs, 100_000);
});
