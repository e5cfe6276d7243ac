import type { Socket } from 'node:net';
import { nowUs } from '../../contract/clock.ts';
import type { DelayLine, Waiting } from './delayLine.ts';

/** Bytes on their way in one direction of a connection; beyond them the sender has to wait, as it does for a TCP window. */
export const LANE_BYTES = 262_144;

/** What is on its way, in order: bytes, or something that is done when they have all passed. */
interface Item {
  readonly dueUs: number;
  readonly bytes: Buffer | null;
  readonly act: (() => void) | null;
  next: Item | null;
}

/**
 * One direction of a connection. Each thing that is read passes after a delay of its own, but never before what was read
 * ahead of it: the order within a connection is TCP's.
 */
export class Lane implements Waiting {
  readonly #line: DelayLine;
  readonly #source: () => Socket | null;
  readonly #sink: () => Socket | null;
  readonly #delayUs: () => number;
  #head: Item | null = null;
  #tail: Item | null = null;
  #bytes = 0;
  readonly #fromUs: number;
  #lastDueUs = 0;
  #isPaused = false;
  /** The sink takes no more for now. */
  #isBlocked = false;
  /** When it last took more again: what had to wait for it is not late by the relay's doing. */
  #freeUs = 0;
  /** The last thing on the way is a reset, which waits for nobody. */
  #isCut = false;

  /** @param fromUs nothing sets out before: the connection has to be made first */
  constructor(
    line: DelayLine,
    ends: { readonly source: () => Socket | null; readonly sink: () => Socket | null },
    delayUs: () => number,
    fromUs: number,
  ) {
    this.#line = line;
    this.#source = ends.source;
    this.#sink = ends.sink;
    this.#delayUs = delayUs;
    this.#fromUs = fromUs;
  }

  /** When the next thing is to pass: at its time, but not while the sink was full. */
  get dueUs(): number {
    return this.#head === null ? Number.POSITIVE_INFINITY : Math.max(this.#head.dueUs, this.#freeUs);
  }

  carry(bytes: Buffer, atUs: number): void {
    this.#bytes += bytes.length;
    this.#append(atUs, bytes, null);
    if (this.#bytes <= LANE_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.#source()?.pause();
  }

  /** Does something when everything before it has passed. */
  follow(atUs: number, act: () => void): void {
    this.#append(atUs, null, act);
  }

  /** The same of a reset: a sink that does not read does not keep it waiting. */
  cut(atUs: number, reset: () => void): void {
    this.#isCut = true;
    this.#append(atUs, null, reset);
    this.#unblock();
  }

  pass(atUs: number): void {
    while (this.#head !== null && this.#head.dueUs <= atUs && !this.#isBlocked) this.#passHead(this.#head);
    if (this.#head !== null && !this.#isBlocked) this.#line.add(this);
    if (!this.#isPaused || this.#bytes > LANE_BYTES / 2) return;
    this.#isPaused = false;
    this.#source()?.resume();
  }

  #append(atUs: number, bytes: Buffer | null, act: (() => void) | null): void {
    const dueUs = Math.max(this.#lastDueUs, Math.max(this.#fromUs, atUs) + this.#delayUs());
    this.#lastDueUs = dueUs;
    const item: Item = { dueUs, bytes, act, next: null };
    if (this.#tail !== null) this.#tail.next = item;
    this.#tail = item;
    if (this.#head !== null) return;
    this.#head = item;
    if (!this.#isBlocked) this.#line.add(this);
  }

  #passHead(item: Item): void {
    this.#head = item.next;
    if (item.next === null) this.#tail = null;
    item.act?.();
    if (item.bytes === null) return;
    this.#bytes -= item.bytes.length;
    const sink = this.#sink();
    // A side that is gone takes nothing; that it went is on its way to the other.
    if (sink === null || !sink.writable || sink.write(item.bytes) || this.#isCut) return;
    this.#isBlocked = true;
    sink.once('drain', this.#unblock);
  }

  readonly #unblock = (): void => {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    this.#freeUs = nowUs();
    if (this.#head !== null) this.#line.add(this);
  };
}
