import type { ProcessTable, TableRow } from './processTable.ts';

/**
 * CPU that processes used which are not ours, in cores: neither `ours` nor anything below them, and no threads of the kernel.
 *
 * What began and ended between the two tables is counted as well: a process that is waited for leaves its time with its
 * parent. One whose parent does not care to wait is lost.
 *
 * @param ours processes of the harness, the coordinator among them
 */
export function othersCores(before: ProcessTable, after: ProcessTable, ours: readonly number[]): number {
  const earlier = othersIn(before, ours);
  const later = othersIn(after, ours);
  let ownUs = 0;
  let reapedUs = 0;
  for (const row of later.values()) {
    const old = sameIn(earlier, row);
    ownUs += row.ownUs - (old?.ownUs ?? 0);
    reapedUs += row.reapedUs - (old?.reapedUs ?? 0);
  }
  // Of those that are gone, what they had used before the first table is not of this time.
  for (const row of earlier.values()) {
    if (sameIn(later, row) === null) reapedUs -= row.ownUs + row.reapedUs;
  }
  const seconds = Math.max(1, after.atUs - before.atUs) / 1e6;
  return (ownUs + Math.max(0, reapedUs)) / 1e6 / seconds;
}

function othersIn({ rows }: ProcessTable, ours: readonly number[]): Map<number, TableRow> {
  const others = new Map<number, TableRow>();
  for (const row of rows.values()) {
    if (!row.isKernel && !isBelow(rows, row, ours)) others.set(row.pid, row);
  }
  return others;
}

function isBelow(rows: ProcessTable['rows'], row: TableRow, ours: readonly number[]): boolean {
  for (let at: TableRow | undefined = row; at !== undefined; at = rows.get(at.parent)) {
    if (ours.includes(at.pid)) return true;
  }
  return false;
}

/** The row of the same process, not of another that got its pid. */
function sameIn(rows: ReadonlyMap<number, TableRow>, { pid, startTicks }: TableRow): TableRow | null {
  const found = rows.get(pid);
  return found?.startTicks === startTicks ? found : null;
}
