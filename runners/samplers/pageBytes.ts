import { PROC_ROOT, readProc } from './procFile.ts';

/** Type of the page size in the auxiliary vector, getauxval(3). */
const AT_PAGESZ = 6n;
/** x86-64; 64-bit ARM also has 16 and 64 KiB. */
const USUAL_PAGE_BYTES = 4096;

let known: number | null = null;

/** Bytes of one page of memory, in which /proc/PID/stat and sockstat count. */
export function pageBytes(): number {
  known ??= readPageBytes(PROC_ROOT) ?? USUAL_PAGE_BYTES;
  return known;
}

/** The page size from this process's auxiliary vector: pairs of 64-bit words. */
export function readPageBytes(root: string): number | null {
  const vector = readProc(`${root}/self/auxv`);
  if (vector === null) return null;
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (vector.readBigUInt64LE(at) === AT_PAGESZ) return Number(vector.readBigUInt64LE(at + 8));
  }
  return null;
}
