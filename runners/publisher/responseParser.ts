/** Bytes of an answer's head; a server that sends more is broken. */
const MAX_HEAD_BYTES = 16_384;

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

type Body =
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

export interface ResponseListener {
  /** One complete answer; `keepAlive` false where the server will close the connection. */
  onResponse(status: number, keepAlive: boolean): void;
}

/**
 * Reads the answers of a pipelined HTTP/1.x connection: status, and where each one ends. Bodies are dropped.
 * Lengths as RFC 9112, section 6.3 says.
 */
export class ResponseParser {
  readonly #listener: ResponseListener;
  #kept: Buffer = Buffer.alloc(0);
  #status = 0;
  #keepAlive = true;
  #body: Body | null = null;

  constructor(listener: ResponseListener) {
    this.#listener = listener;
  }

  /** @throws RangeError where the bytes are no HTTP answer. */
  push(chunk: Buffer): void {
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    while (this.#kept.length > 0 && this.#step()) {}
  }

  /** The server closed: an answer without a length ends here. */
  end(): void {
    if (this.#body?.kind === 'until-close') this.#finish();
  }

  /** @returns false where more bytes are needed. */
  #step(): boolean {
    if (this.#body === null) return this.#readHead();
    if (this.#body.kind === 'length') return this.#skipLength(this.#body);
    if (this.#body.kind === 'chunked') return this.#skipChunk();
    this.#kept = Buffer.alloc(0);
    return false;
  }

  #readHead(): boolean {
    const end = this.#kept.indexOf(HEAD_END);
    if (end < 0) {
      if (this.#kept.length > MAX_HEAD_BYTES)
        throw new RangeError(`an answer's head is over ${MAX_HEAD_BYTES} bytes`);
      return false;
    }
    const head = this.#kept.toString('latin1', 0, end);
    this.#kept = this.#kept.subarray(end + HEAD_END.length);
    const match = /^HTTP\/1\.([01]) (\d{3})/.exec(head);
    if (match === null) throw new RangeError(`not an HTTP/1 answer: ${JSON.stringify(head.slice(0, 60))}`);
    this.#status = Number(match[2]);
    if (this.#status >= 100 && this.#status < 200) return true;
    const connection = headerOf(head, 'connection')?.toLowerCase() ?? '';
    this.#keepAlive = match[1] === '1' ? !connection.includes('close') : connection.includes('keep-alive');
    this.#body = bodyOf(head, this.#status);
    if (this.#body.kind === 'until-close') this.#keepAlive = false;
    if (this.#body.kind === 'length' && this.#body.left === 0) this.#finish();
    return true;
  }

  #skipLength(body: { left: number }): boolean {
    const skipped = Math.min(body.left, this.#kept.length);
    body.left -= skipped;
    this.#kept = this.#kept.subarray(skipped);
    if (body.left === 0) this.#finish();
    return body.left === 0;
  }

  #skipChunk(): boolean {
    const lineEnd = this.#kept.indexOf(LINE_END);
    if (lineEnd < 0) return false;
    const size = Number.parseInt(this.#kept.toString('latin1', 0, lineEnd), 16);
    if (!(size >= 0)) throw new RangeError('damaged chunk size in an answer');
    if (size === 0) return this.#skipTrailers(lineEnd);
    const end = lineEnd + 2 + size + 2;
    if (this.#kept.length < end) return false;
    this.#kept = this.#kept.subarray(end);
    return true;
  }

  /** RFC 9112, section 7.1.2: fields may follow the last chunk; an empty line ends them. */
  #skipTrailers(lastChunkEnd: number): boolean {
    const end = this.#kept.indexOf(HEAD_END, lastChunkEnd);
    if (end < 0) return false;
    this.#kept = this.#kept.subarray(end + HEAD_END.length);
    this.#finish();
    return true;
  }

  #finish(): void {
    this.#body = null;
    this.#listener.onResponse(this.#status, this.#keepAlive);
  }
}

function headerOf(head: string, name: string): string | null {
  const match = new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*)`, 'i').exec(head);
  return match === null ? null : match[1].trim();
}

function bodyOf(head: string, status: number): Body {
  if (status === 204 || status === 304) return { kind: 'length', left: 0 };
  if (headerOf(head, 'transfer-encoding')?.toLowerCase().includes('chunked')) return { kind: 'chunked' };
  const length = headerOf(head, 'content-length');
  if (length === null) return { kind: 'until-close' };
  const left = Number(length);
  if (!Number.isSafeInteger(left) || left < 0)
    throw new RangeError(`damaged Content-Length ${JSON.stringify(length)}`);
  return { kind: 'length', left };
}
