/**
 * What is done wrong on purpose, so that the right figure is known before the run: a harness that reports another one
 * is broken. Only `bench selftest` asks for it; no reference server reads any of this.
 */
export interface KnownAnswer {
  /** What an instrument server does; reference servers take no notice. */
  readonly server: InstrumentSpec;
  /** A process that is stopped in the middle of the window; null: none is. */
  readonly freeze: Freeze | null;
  /** Requests per second of a closed-loop client beside the load, which waits for each answer; 0: there is none. */
  readonly closedLoopPerSecond: number;
  /**
   * How long nothing may come before what is missing is lost, milliseconds; null: as in every other run, which waits long
   * for a server that is behind. An instrument that drops a message has passed on all others at once: nothing is late.
   */
  readonly drainQuietMs: number | null;
  /** In place of the longest drain that any other run allows, and of the time that its connects may take beyond their schedule. */
  readonly drainLimitMs: number | null;
  readonly rampGraceMs: number | null;
}

/** Faults of an instrument server, each exact. 0 everywhere: a server without fault. */
export interface InstrumentSpec {
  /** Messages that each subscriber never gets. */
  readonly drop: number;
  /** Messages that each subscriber gets twice. */
  readonly duplicate: number;
  /** Messages that each subscriber gets after the one that follows them. */
  readonly reorder: number;
  /** Bytes that are taken for each subscriber, and touched. */
  readonly leakBytes: number;
  /** CPU time that is burned for each delivery, microseconds. */
  readonly burnUs: number;
  /** The event loop is held for this long … */
  readonly blockMs: number;
  /** … this often. */
  readonly blockEveryMs: number;
  /** Each delivery is held back for this long, milliseconds. */
  readonly delayMs: number;
  /** Each n-th publish is refused with 429. */
  readonly refuseEvery: number;
}

export const FAULTLESS: InstrumentSpec = {
  drop: 0,
  duplicate: 0,
  reorder: 0,
  leakBytes: 0,
  burnUs: 0,
  blockMs: 0,
  blockEveryMs: 0,
  delayMs: 0,
  refuseEvery: 0,
};

export const NOTHING_WRONG: KnownAnswer = {
  server: FAULTLESS,
  freeze: null,
  closedLoopPerSecond: 0,
  drainQuietMs: null,
  drainLimitMs: null,
  rampGraceMs: null,
};

/** SIGSTOP, and SIGCONT later. */
export interface Freeze {
  readonly role: 'server' | 'worker' | 'publisher';
  /** From the start of the measured window, milliseconds. */
  readonly atMs: number;
  readonly forMs: number;
}
