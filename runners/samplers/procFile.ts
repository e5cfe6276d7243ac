import { closeSync, openSync, readSync } from 'node:fs';

/** Where the kernel tells about processes and the host; a fixture directory in tests. */
export const PROC_ROOT = '/proc';
/** Where the kernel tells about devices. */
export const SYS_ROOT = '/sys';

let shared = Buffer.allocUnsafe(16 * 1024);

/**
 * Reads a small file of /proc in one go (0.02 ms), without the fstat and the allocation of `readFileSync`.
 * @returns its bytes, valid until the next call; null where it cannot be read: gone, forbidden, or not this platform.
 */
export function readProc(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    // Absence is an answer here: the process ended, or the system does not offer the file.
    return null;
  }
  try {
    return readWhole(fd);
  } catch {
    // ESRCH: the process ended between open and read.
    return null;
  } finally {
    closeSync(fd);
  }
}

function readWhole(fd: number): Buffer {
  let length = 0;
  for (;;) {
    if (length === shared.length) shared = Buffer.concat([shared], shared.length * 2);
    const read = readSync(fd, shared, length, shared.length - length, null);
    if (read === 0) return shared.subarray(0, length);
    length += read;
  }
}

/** First line of a file of one value, trimmed; null where it cannot be read. */
export function readProcText(path: string): string | null {
  return readProc(path)?.toString('latin1').trim() ?? null;
}

/** The decimal numbers of a file such as `32768 60999`; null where it cannot be read. */
export function readProcNumbers(path: string): number[] | null {
  const bytes = readProc(path);
  return bytes && numbersIn(bytes, 0, bytes.length);
}

/** All unsigned decimal numbers in `[from, to)`. */
export function numbersIn(bytes: Buffer, from: number, to: number): number[] {
  const numbers: number[] = [];
  let value = -1;
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 48;
    if (digit >= 0 && digit <= 9) value = (value < 0 ? 0 : value * 10) + digit;
    else if (value >= 0) {
      numbers.push(value);
      value = -1;
    }
  }
  if (value >= 0) numbers.push(value);
  return numbers;
}

/** The number after a label, e.g. `MemTotal:` in `MemTotal:  24684092 kB`; null where the label is missing. */
export function numberAfter(bytes: Buffer, label: string): number | null {
  const at = bytes.indexOf(label, 0, 'latin1');
  if (at < 0) return null;
  let i = at + label.length;
  while (bytes[i] === 32 || bytes[i] === 9) i++;
  const start = i;
  let value = 0;
  for (; bytes[i] >= 48 && bytes[i] <= 57; i++) value = value * 10 + bytes[i] - 48;
  return i === start ? null : value;
}
