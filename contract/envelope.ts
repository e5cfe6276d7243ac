/**
 * The message envelope: one ASCII token of fixed width at the start of every payload.
 *
 *     ~PB.  version  run   publisher  stream  seq  index  intendedUs  sentUs
 *      4       1      4        2        4      5     5        8         8     = 41 characters
 *
 * Numbers are big-endian base-64 digits of the alphabet `A-Z a-z 0-9 _ -`, which survives JSON, forms and URLs.
 * Receivers search for the marker, wherever the server put it; nothing is parsed around it.
 */
export const MARKER = '~PB.';
export const ENVELOPE_VERSION = 1;
export const ENVELOPE_BYTES = 41;

/** Digits of every number in the token, and the alphabet of the padding. */
export const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

export interface Envelope {
  /** Identifies the run, so that a message of an earlier run is never counted. 24 bits. */
  run: number;
  publisher: number;
  /** Topic number. 24 bits. */
  stream: number;
  /** Sequence number within the stream, from 0. 30 bits. */
  seq: number;
  /** Schedule index over all streams, from 0. 30 bits. */
  index: number;
  /** Intended time, microseconds of the monotonic clock. 48 bits. */
  intendedUs: number;
  /** Send time, microseconds of the monotonic clock. 48 bits. */
  sentUs: number;
}

const RUN_AT = 5;
const PUBLISHER_AT = 9;
const STREAM_AT = 11;
const SEQ_AT = 15;
const INDEX_AT = 20;
const INTENDED_AT = 25;
const SENT_AT = 33;

const DIGIT_CODES = Uint8Array.from(DIGITS, (c) => c.charCodeAt(0));
const DIGIT_VALUES = digitValues();

function digitValues(): Uint8Array {
  const values = new Uint8Array(256).fill(255);
  DIGIT_CODES.forEach((code, value) => {
    values[code] = value;
  });
  return values;
}

function writeNumber(target: Uint8Array, at: number, width: number, value: number): void {
  let rest = Math.floor(value);
  for (let i = at + width - 1; i >= at; i--) {
    target[i] = DIGIT_CODES[rest % 64];
    rest = Math.floor(rest / 64);
  }
}

/** Value of `width` digits at `at`, or NaN where a byte is no digit. */
function readNumber(source: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = at; i < at + width; i++) {
    const digit = DIGIT_VALUES[source[i]];
    if (digit === 255) return Number.NaN;
    value = value * 64 + digit;
  }
  return value;
}

/**
 * Writes the token into `target` at `at` (41 bytes).
 * @throws RangeError where the token does not fit into `target`.
 */
export function writeEnvelope(target: Uint8Array, at: number, envelope: Envelope): void {
  if (at + ENVELOPE_BYTES > target.length) {
    throw new RangeError(`an envelope needs ${ENVELOPE_BYTES} bytes, ${target.length - at} are left`);
  }
  for (let i = 0; i < MARKER.length; i++) target[at + i] = MARKER.charCodeAt(i);
  writeNumber(target, at + 4, 1, ENVELOPE_VERSION);
  writeNumber(target, at + RUN_AT, 4, envelope.run);
  writeNumber(target, at + PUBLISHER_AT, 2, envelope.publisher);
  writeNumber(target, at + STREAM_AT, 4, envelope.stream);
  writeNumber(target, at + SEQ_AT, 5, envelope.seq);
  writeNumber(target, at + INDEX_AT, 5, envelope.index);
  writeNumber(target, at + INTENDED_AT, 8, envelope.intendedUs);
  writeNumber(target, at + SENT_AT, 8, envelope.sentUs);
}

/** True where the marker stands at `at`. */
export function isMarkerAt(source: Uint8Array, at: number): boolean {
  return source[at] === 126 && source[at + 1] === 80 && source[at + 2] === 66 && source[at + 3] === 46;
}

/** Position of the marker in `[from, to)`, or -1. */
export function findMarker(source: Uint8Array, from: number, to: number): number {
  for (let i = from; i <= to - ENVELOPE_BYTES; i++) {
    if (source[i] === 126 && isMarkerAt(source, i)) return i;
  }
  return -1;
}

/**
 * Decodes the token whose marker stands at `at` into `into` (reused by hot paths).
 * @returns false where the version is foreign or a digit is damaged; `into` is then undefined content.
 */
export function readEnvelope(source: Uint8Array, at: number, into: Envelope): boolean {
  if (at < 0 || at + ENVELOPE_BYTES > source.length) return false;
  if (DIGIT_VALUES[source[at + 4]] !== ENVELOPE_VERSION) return false;
  into.run = readNumber(source, at + RUN_AT, 4);
  into.publisher = readNumber(source, at + PUBLISHER_AT, 2);
  into.stream = readNumber(source, at + STREAM_AT, 4);
  into.seq = readNumber(source, at + SEQ_AT, 5);
  into.index = readNumber(source, at + INDEX_AT, 5);
  into.intendedUs = readNumber(source, at + INTENDED_AT, 8);
  into.sentUs = readNumber(source, at + SENT_AT, 8);
  // A sum is NaN if any part is.
  return !Number.isNaN(
    into.run + into.publisher + into.stream + into.seq + into.index + into.intendedUs + into.sentUs,
  );
}

export function emptyEnvelope(): Envelope {
  return { run: 0, publisher: 0, stream: 0, seq: 0, index: 0, intendedUs: 0, sentUs: 0 };
}
