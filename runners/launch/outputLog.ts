import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** A server that logs each request must not fill the disk. */
const FILE_BYTES = 1_048_576;
/** Of what was said last: kept for messages, and for the end of a file that has grown too long. */
const KEPT_BYTES = 16_384;
/** A line that goes on for longer is not waited for. */
const LINE_CHARACTERS = 65_536;

/** What a command said, less its secrets: beginning and end in a file of bounded size, the last lines at hand. */
export class OutputLog {
  readonly path: string;
  readonly #hide: (text: string) => string;
  readonly #decoder = new StringDecoder('utf8');
  #fd: number | null;
  /** The beginning of a line: a secret may come in two pieces. */
  #line = '';
  #written = 0;
  /** Bytes that came when the file was full. */
  #beyond = 0;
  #last: Buffer[] = [];
  #lastBytes = 0;

  /** @param hide takes the secrets out of some lines */
  constructor(path: string, hide: (text: string) => string) {
    this.path = path;
    this.#hide = hide;
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, 'w');
  }

  add(chunk: Buffer): void {
    const text = this.#line + this.#decoder.write(chunk);
    const whole = text.length > LINE_CHARACTERS ? text.length : text.lastIndexOf('\n') + 1;
    this.#line = text.slice(whole);
    if (whole > 0) this.#keep(Buffer.from(this.#hide(text.slice(0, whole))));
  }

  /** The last lines, without an empty one at the end; empty: nothing was said. */
  tail(lines: number): string {
    const text = this.#end(KEPT_BYTES).toString() + this.#hide(this.#line);
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Safe to call again. */
  close(): void {
    const fd = this.#fd;
    if (fd === null) return;
    if (this.#line !== '') this.#keep(Buffer.from(this.#hide(this.#line)));
    this.#line = '';
    this.#fd = null;
    const end = this.#end(Math.min(this.#beyond, KEPT_BYTES));
    const left = this.#beyond - end.length;
    if (left > 0) writeSync(fd, `\n[… ${left} bytes are left out here …]\n`);
    if (this.#beyond > 0) writeSync(fd, end);
    closeSync(fd);
  }

  #keep(bytes: Buffer): void {
    this.#last.push(bytes);
    this.#lastBytes += bytes.length;
    while (this.#lastBytes - this.#last[0].length >= KEPT_BYTES)
      this.#lastBytes -= this.#last.shift()?.length ?? 0;
    const fits = bytes.subarray(0, FILE_BYTES - this.#written);
    this.#beyond += bytes.length - fits.length;
    this.#written += fits.length;
    if (this.#fd !== null && fits.length > 0) writeSync(this.#fd, fits);
  }

  #end(bytes: number): Buffer {
    const all = Buffer.concat(this.#last);
    return all.subarray(Math.max(0, all.length - bytes));
  }
}
