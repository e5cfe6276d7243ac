/** Bytes of a response head beyond which it is refused: the default of node:http. */
export const MAX_HEAD_BYTES = 16_384;

export interface ResponseHead {
  readonly status: number;
  /** null where the header is missing. */
  readonly contentType: string | null;
  readonly location: string | null;
  readonly chunked: boolean;
  /** Body length in bytes where the head tells it and the body is not chunked; else infinite. */
  readonly contentLength: number;
  /** Every header by its name in lower case; the last one where a name comes twice. */
  readonly fields: ReadonlyMap<string, string>;
}

const CR = 13;
const LF = 10;

/** Position after the empty line that ends a head, or -1 where it has not come yet. */
export function headEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (bytes[i] !== LF) continue;
    if (i + 1 < to && bytes[i + 1] === LF) return i + 2;
    if (i + 2 < to && bytes[i + 1] === CR && bytes[i + 2] === LF) return i + 3;
  }
  return -1;
}

/**
 * Parses a complete response head (RFC 9112, sections 4 and 5).
 * @returns null where it is damaged.
 */
export function parseHead(text: string): ResponseHead | null {
  const lines = text.split(/\r?\n/);
  const statusLine = /^HTTP\/1\.[01] (\d{3})(?: .*)?$/.exec(lines[0]);
  if (statusLine === null) return null;
  const fields = new Map<string, string>();
  for (const line of lines.slice(1)) {
    if (line === '') break;
    const field = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (field === null) return null;
    fields.set(field[1].toLowerCase(), field[2]);
  }
  return headOf(Number(statusLine[1]), fields);
}

function headOf(status: number, fields: ReadonlyMap<string, string>): ResponseHead | null {
  const coding = fields.get('transfer-encoding')?.toLowerCase();
  // Any other coding than a lone "chunked" would hand compressed bytes to the event parser.
  if (coding !== undefined && coding !== 'chunked' && coding !== 'identity') return null;
  const chunked = coding === 'chunked';
  const length = fields.get('content-length');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return null;
  return {
    status,
    contentType: fields.get('content-type') ?? null,
    location: fields.get('location') ?? null,
    chunked,
    contentLength: length === undefined || chunked ? Number.POSITIVE_INFINITY : Number(length),
    fields,
  };
}

/** True for `text/event-stream`, with or without parameters. */
export function isEventStream(contentType: string | null): boolean {
  return contentType !== null && /^text\/event-stream(?:\s*;.*)?$/i.test(contentType);
}
