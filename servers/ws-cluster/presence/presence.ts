import { performance } from 'node:perf_hooks';
import { Directory, type NodePresence, type Whereabouts } from './directory.ts';
import type { JoinTimes } from './joinTimes.ts';
import { decodeNotice, encodeNotice, type Join, type NodeIdentity, type Notice } from './notice.ts';

export interface PresenceTimings {
  /** Joins and leaves are told together, this often. @default 50 */
  readonly flushMs: number;
  /** A node says that it is alive. @default 1000 */
  readonly beatMs: number;
  /** A node that was not heard of for so long is gone, and its connections with it. @default 5000 */
  readonly expireMs: number;
}

const DEFAULT_TIMINGS: PresenceTimings = { flushMs: 50, beatMs: 1_000, expireMs: 5_000 };
/** Connections in one part of a snapshot: 128 KiB. */
const SNAPSHOT_PART = 16_384;

export interface PresenceParts {
  readonly node: string;
  /** Reaches all nodes in order, this one included, or is dropped. */
  readonly announce: (notice: Buffer) => void;
  readonly timings?: Partial<PresenceTimings>;
  /** Milliseconds that only rise. */
  readonly clockMs?: () => number;
}

/**
 * Tells the other nodes who is connected here, and keeps what they tell.
 * A notice may get lost: each beat carries the count that the receiver must have by then, and where it has another it
 * asks for a snapshot.
 */
export class Presence {
  readonly #self: NodeIdentity;
  readonly #announce: (notice: Buffer) => void;
  readonly #timings: PresenceTimings;
  readonly #clockMs: () => number;
  readonly #startMs: number;
  readonly #directory: Directory;
  readonly #own: JoinTimes;
  #joined: Join[] = [];
  #left: number[] = [];
  #flushing: NodeJS.Timeout | null = null;
  #beating: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor({ node, announce, timings, clockMs = () => performance.now() }: PresenceParts) {
    this.#self = { node, startedMs: Date.now() };
    this.#announce = announce;
    this.#timings = { ...DEFAULT_TIMINGS, ...timings };
    this.#clockMs = clockMs;
    this.#startMs = clockMs();
    this.#directory = new Directory(clockMs);
    this.#own = this.#directory.timesOf(this.#self);
  }

  /** The bus is there, for the first time or again. */
  connected(): void {
    if (this.#isStopped) return;
    // A node that was away asks those whose next beat tells another count than it knows.
    if (this.#beating === null) this.#say({ kind: 'hello' });
    this.#sendSnapshot();
    this.#beating ??= setInterval(() => this.#beat(), this.#timings.beatMs);
  }

  joined(serial: number): void {
    const join: Join = [serial, Math.round(this.#clockMs() - this.#startMs)];
    this.#own.add(...join);
    this.#joined.push(join);
    this.#flushSoon();
  }

  left(serial: number): void {
    this.#own.remove(serial);
    this.#left.push(serial);
    this.#flushSoon();
  }

  /**
   * What any node announced.
   * @throws RangeError where the bytes are no notice
   */
  take(bytes: Buffer): void {
    const notice = decodeNotice(bytes);
    if (this.#isStopped || notice.node === this.#self.node) return;
    if (this.#directory.take(notice)) this.#say({ kind: 'ask', of: notice.node });
    if (notice.kind === 'hello' || (notice.kind === 'ask' && notice.of === this.#self.node))
      this.#sendSnapshot();
  }

  find(connection: string): Whereabouts | null {
    return this.#directory.find(connection);
  }

  nodes(): NodePresence[] {
    return this.#directory.nodes();
  }

  /** Says that this node leaves; the bus must still be there. */
  stop(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    if (this.#beating !== null) clearInterval(this.#beating);
    if (!this.#isStopped) this.#say({ kind: 'bye' });
    this.#isStopped = true;
  }

  #say(what: NoticeBody): void {
    this.#announce(encodeNotice({ ...this.#self, ...what }));
  }

  #flushSoon(): void {
    if (this.#isStopped) return;
    this.#flushing ??= setTimeout(() => this.#flush(), this.#timings.flushMs);
  }

  #flush(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    this.#flushing = null;
    if (this.#joined.length + this.#left.length === 0) return;
    this.#say({ kind: 'changes', joined: this.#joined, left: this.#left });
    this.#joined = [];
    this.#left = [];
  }

  #beat(): void {
    this.#flush();
    this.#say({ kind: 'beat', count: this.#own.size });
    this.#directory.expire(this.#timings.expireMs, this.#self.node);
  }

  #sendSnapshot(): void {
    // A snapshot holds what was not told yet as well: told afterwards, a join that has ended since would come back.
    this.#flush();
    const all = [...this.#own.entries()];
    for (let at = 0; at === 0 || at < all.length; at += SNAPSHOT_PART) {
      this.#say({ kind: 'snapshot', isFirst: at === 0, joined: all.slice(at, at + SNAPSHOT_PART) });
    }
  }
}

type WithoutIdentity<N> = N extends Notice ? Omit<N, keyof NodeIdentity> : never;
type NoticeBody = WithoutIdentity<Notice>;
