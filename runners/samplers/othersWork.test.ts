import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { othersCores } from './othersWork.ts';
import { type ProcessTable, readProcessTable, type TableRow } from './processTable.ts';
import { NO_PROC, ON_LINUX, PROC_FIXTURE } from './procFixture.ts';

const SECOND = 1_000_000;
const OURS = [100];

type Given = readonly [pid: number, parent: number, ownUs: number, reapedUs?: number, startTicks?: number];

function tableAt(atUs: number, rows: readonly Given[], kernel: readonly number[] = []): ProcessTable {
  const all = rows.map(
    ([pid, parent, ownUs, reapedUs = 0, startTicks = pid]): TableRow => ({
      pid,
      parent,
      startTicks,
      ownUs,
      reapedUs,
      isKernel: kernel.includes(pid),
    }),
  );
  return { atUs, rows: new Map(all.map((row) => [row.pid, row])) };
}

/** Over two seconds. */
function others(before: readonly Given[], after: readonly Given[], kernel: readonly number[] = []): number {
  return othersCores(tableAt(0, before, kernel), tableAt(2 * SECOND, after, kernel), OURS);
}

const SHELL: Given = [50, 1, 3 * SECOND, 90 * SECOND];

test('what our processes and all below them do is not the work of others', () => {
  const before: Given[] = [SHELL, [100, 50, 0], [101, 100, 0], [102, 101, 0]];
  const after: Given[] = [
    SHELL,
    [100, 50, SECOND, SECOND],
    [101, 100, SECOND],
    [102, 101, SECOND],
    [103, 102, SECOND],
  ];
  assert.equal(others(before, after), 0);
});

test('a process beside ours counts, one that came in between too', () => {
  assert.equal(others([SHELL, [60, 50, SECOND]], [SHELL, [60, 50, 2 * SECOND]]), 0.5);
  assert.equal(others([SHELL], [SHELL, [60, 50, SECOND]]), 0.5);
});

test('one that came and went is found in its parent', () => {
  assert.equal(others([SHELL], [[50, 1, 3 * SECOND, 91 * SECOND]]), 0.5);
});

test('one that ended counts from the first table on, not with its whole life', () => {
  const before: Given[] = [SHELL, [60, 50, 30 * SECOND, 10 * SECOND]];
  assert.equal(others(before, [[50, 1, 3 * SECOND, 131 * SECOND]]), 0.5);
});

test('one that nobody waited for hides no one else', () => {
  const before: Given[] = [SHELL, [60, 50, 500 * SECOND], [61, 50, 0]];
  assert.equal(others(before, [SHELL, [61, 50, SECOND]]), 0.5);
});

test('a pid that was given again is another process', () => {
  const before: Given[] = [SHELL, [60, 50, 40 * SECOND, 0, 1]];
  const after: Given[] = [
    [50, 1, 3 * SECOND, 130 * SECOND],
    [60, 50, SECOND, 0, 2],
  ];
  assert.equal(others(before, after), 0.5);
});

test('threads of the kernel work for somebody, and nobody knows for whom', () => {
  const before: Given[] = [SHELL, [2, 0, 0], [14, 2, 0]];
  assert.equal(others(before, [SHELL, [2, 0, SECOND], [14, 2, SECOND]], [2, 14]), 0);
});

test('fields are read by place behind a name that may hold anything; who sees no kernel thread sees too little', () => {
  const root = mkdtempSync(join(tmpdir(), 'pushbench-proc-'));
  const write = (pid: number, text: string) => {
    mkdirSync(join(root, String(pid)));
    writeFileSync(join(root, String(pid), 'stat'), text);
  };
  try {
    write(77, '77 (a) R 1 9) S 5 77 77 0 -1 4194560 1 2 3 4 11 22 33 44 20 0 7 0 987 1 2');
    assert.equal(readProcessTable(root), null);
    write(2, '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 5 0 0 20 0 1 0 9 0 0');
    const rows = readProcessTable(root)?.rows;
    assert.deepEqual(rows?.get(77), {
      pid: 77,
      parent: 5,
      startTicks: 987,
      isKernel: false,
      ownUs: 330_000,
      reapedUs: 770_000,
    });
    assert.equal(rows?.get(2)?.isKernel, true);
  } finally {
    rmSync(root, { recursive: true });
  }
  assert.equal(readProcessTable(NO_PROC), null);
  assert.equal(readProcessTable(PROC_FIXTURE), null);
});

test('a real child that burned and ended is found in its parent', ON_LINUX, (t) => {
  const before = readProcessTable();
  if (before === null) return t.skip('a container hides the processes of the host');
  const burn = 'const to = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < to);';
  spawnSync(process.execPath, ['-e', burn]);
  const after = readProcessTable();
  assert.ok(after !== null);
  const reaped = (table: ProcessTable) => table.rows.get(process.pid)?.reapedUs ?? 0;
  assert.ok(reaped(after) - reaped(before) >= 190_000);
  const seconds = (after.atUs - before.atUs) / SECOND;
  assert.ok(othersCores(before, after, []) * seconds >= 0.19);
});
