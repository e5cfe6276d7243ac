import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A server that logs each request must not fill the disk. */
const FILE_BYTES = 1_048_576;
/** Of what was said last: kept for messages, and for the end of a file that has grown too long. */
const KEPT_BYTES = 16_384;

/** What a command said: its beginning and its end in a file of bounded size, its last lines at hand. */
export class OutputLog {
  readonly path: string;
  #fd: number | null;
  #written = 0;
  /** Bytes that came when the file was full. */
  #beyond = 0;
  #last: Buffer[] = [];
  #lastBytes = 0;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, 'w');
  }

  add(chunk: Buffer): void {
    this.#last.push(chunk);
    this.#lastBytes += chunk.length;
    while (this.#lastBytes - this.#last[0].length >= KEPT_BYTES)
      this.#lastBytes -= this.#last.shift()?.length ?? 0;
    const fits = chunk.subarray(0, FILE_BYTES - this.#written);
    this.#beyond += chunk.length - fits.length;
    this.#written += fits.length;
    if (this.#fd !== null && fits.length > 0) writeSync(this.#fd, fits);
  }

  /** The last lines, without an empty one at the end; empty: nothing was said. */
  tail(lines: number): string {
    return this.#end(KEPT_BYTES).toString().trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Safe to call again. */
  close(): void {
    const fd = this.#fd;
    if (fd === null) return;
    this.#fd = null;
    const end = this.#end(Math.min(this.#beyond, KEPT_BYTES));
    const left = this.#beyond - end.length;
    if (left > 0) writeSync(fd, `\n[… ${left} bytes are left out here …]\n`);
    if (this.#beyond > 0) writeSync(fd, end);
    closeSync(fd);
  }

  #end(bytes: number): Buffer {
    const all = Buffer.concat(this.#last);
    return all.subarray(Math.max(0, all.length - bytes));
  }
}
